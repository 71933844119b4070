"""Runs a file of KCL, which comes as a library: kcl.py FILE. Beside it, to see what loading that takes: kcl.py."""

import sys

import kcl_lib.api as kcl

for file in sys.argv[1:]:
    print(kcl.API().exec_program(kcl.ExecProgramArgs(k_filename_list=[file])).json_result)
