"""Prints what a YAML 1.1 and a YAML 1.2 reader see in files: a line for each."""

import json
import math
import sys

import ruamel.yaml
import yaml


def main(path):
    text = open(path, encoding="utf-8", newline="").read()
    new = ruamel.yaml.YAML(typ="safe", pure=True)
    readers = {"1.1": lambda: yaml.safe_load_all(text), "1.2": lambda: new.load_all(text)}
    print(json.dumps({version: reading(documents) for version, documents in readers.items()}))


def reading(documents):
    try:
        return {"documents": [plain(document) for document in documents()]}
    except (yaml.YAMLError, ruamel.yaml.YAMLError) as error:
        return {"error": str(error)}


def plain(value):
    """The value as JSON, with what JSON does not have spelt out."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else spelt_out(value)
        case list():
            return [plain(item) for item in value]
        case dict():
            return {key(k): plain(v) for k, v in value.items()}
        case _:
            return spelt_out(value)


def key(value):
    return value if isinstance(value, str) else spelt_out(value)


def spelt_out(value):
    return f"!{type(value).__name__} {value}"


for path in sys.argv[1:]:
    main(path)
