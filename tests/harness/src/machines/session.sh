#!/bin/sh
# What sshd runs instead of every command: counts sessions, and loses the connection in the one that /machine/cut names
# by a line `NUMBER WHEN AMOUNT`.
number=1
while ! mkdir "/machine/sessions/$number" 2>/dev/null; do number=$((number + 1)); done
command=${SSH_ORIGINAL_COMMAND-}
printf '%s' "$command" >"/machine/sessions/$number/command"

run() {
    if [ -n "$command" ]; then bash -c "$command"; else bash --login; fi
}

# Returns when sshd, which started this, is gone.
cut() {
    echo "cut session-$number" >/machine/control
    while [ -e "/proc/$PPID" ]; do sleep 0.01; done
}

# Byte by byte: what keeps some back, as `head` does, has both sides of a protocol wait for ever.
pass() {
    dd bs=1 count="$amount" status=none
}

chosen='' when='' amount=''
[ ! -e /machine/cut ] || read -r chosen when amount </machine/cut
[ "$chosen" = "$number" ] || when=never
case $when in
before) cut ;;
input) { pass; cut; } | run ;;
output) run | { pass; cut; } ;;
after) run; cut ;;
*) run ;;
esac
