# What hlc does on a host, as root. It is sent there each time, and nothing of it has to be there before.
#
#   look                                            says how the host is
#   describe SYSTEM                                 says what a system consists of; on any machine that has it
#   begin ID SYSTEM OLD BOOTS CONFIRM LIMIT         has SYSTEM activated, if OLD is what runs and BOOTS is what it would
#                                                   boot, by a process of its own
#   state [ID]                                      says how far an activation is
#   confirm ID                                      says that the host can still be reached
#   restart BOOT SYSTEM                             starts the host again, if SYSTEM is what it runs and boots, unless that
#                                                   has been done since BOOT
#   keep SYSTEM                                     keeps what SYSTEM was built from: the text behind this script
#   built                                           says that, and of which system it is
#
# Whoever activates watches over it: if nobody confirms within CONFIRM seconds, or the activation fails or takes more than
# LIMIT seconds, the old system is started again. Only what was confirmed becomes what the host boots. So a host that
# loses power meanwhile comes back with the old system, and one that cannot be reached any more becomes what it was.

set -u
umask 077
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:$PATH
HOME=${HOME:-/root}
export PATH HOME
state=/run/hlc
profile=/nix/var/nix/profiles/system
roots=/nix/var/nix/gcroots/hlc-activating

say() { printf 'hlc:%s=%s\n' "$1" "$2"; }

# Writes a file so that nobody reads half of it.
put() { printf '%s' "$2" >"$1.new" && mv "$1.new" "$1"; }

boot_id() { cat /proc/sys/kernel/random/boot_id; }

# One word for what belongs to a kernel: when any of it changes, only a start of the host takes that up.
kernel() {
    for part in kernel initrd kernel-modules; do
        [ ! -e "$1/$part" ] || say kernel "$part $(readlink -f "$1/$part")"
    done
    [ ! -r "$1/kernel-params" ] || say kernel "kernel-params $(cat "$1/kernel-params")"
}

look() {
    say root "$is_root"
    say boot "$(boot_id)"
    # What has none is no NixOS.
    [ ! -e /run/current-system ] || say running "$(readlink -f /run/current-system)"
    say booted "$(readlink -f /run/booted-system)"
    say boots "$(readlink -f "$profile")"
    say generation "$(readlink "$profile" | sed -n 's/^.*system-\([0-9]*\)-link$/\1/p')"
    say uptime "$(sed 's/[. ].*//' /proc/uptime)"
    say clock "$(date +%s)"
    for mount in /nix/store /boot; do
        [ ! -d "$mount" ] || df -Pk "$mount" | sed -n '2s/^.* \([0-9][0-9]*\)  *[0-9][0-9]*  *\(-*[0-9][0-9]*\)  *[-0-9]*%* \(.*\)$/hlc:disk=\3 \1 \2/p'
    done
    if [ -d /run/systemd/system ]; then
        systemctl list-units --failed --plain --no-legend --no-pager | while read -r unit _; do say failed "$unit"; done
    fi
    for secret in /run/secrets/* /run/secrets-for-users/*; do
        [ ! -e "$secret" ] || say secret "${secret##*/}"
    done
    kernel /run/booted-system
    tell "$(cat "$state/last" 2>/dev/null)"
}

describe() {
    say of "$1"
    kernel "$1"
    paths=$(nix-store --query --requisites "$1") || exit
    printf '%s\n' "$paths" | sed 's/^/hlc:path=/'
    for unit in "$1"/etc/systemd/system/*.*; do
        [ ! -f "$unit" ] || say unit "${unit##*/} $(readlink -f "$unit")"
    done
}

# Whether somebody sees an activation to its end: whoever does holds the lock as long as that takes.
is_watched() { ! flock --shared --nonblock "$state/lock" true 2>/dev/null && [ "$(cat "$state/last")" = "$1" ]; }

tell() {
    [ -n "$1" ] && [ -r "$state/$1/phase" ] || return 0
    # Before the phase is read: it may be the last, and whoever watched gone, a moment later.
    if is_watched "$1"; then watched=yes; else watched=no; fi
    say activation "$1"
    say watched "$watched"
    say phase "$(cat "$state/$1/phase")"
    say system "$(cat "$state/$1/system")"
    say why "$(cat "$state/$1/why" 2>/dev/null)"
    tail -n 20 "$state/$1/log" 2>/dev/null | while IFS= read -r line; do say log "$line"; done
}

begin() {
    mkdir -p "$state/$1"
    cp "$0" "$state/$1/on_host.sh"
    # A process that no session and no unit has, since the activation may end any of them.
    if [ -d /run/systemd/system ]; then
        # Memory that is short must not end who watches along with what it watches over.
        why=$(systemd-run --quiet --collect --no-ask-password --service-type=exec --property=OOMPolicy=continue \
            --unit="hlc-$1" "$(readlink -f /bin/sh)" "$state/$1/on_host.sh" "$is_root" watch "$@" 2>&1) ||
            { say refused "$(printf '%s' "$why" | tr '\n' ' ')"; return; }
    else
        setsid sh "$state/$1/on_host.sh" "$is_root" watch "$@" </dev/null >/dev/null 2>&1 &
    fi
    # Until it says that it has begun, nobody knows whether it has.
    tries=0
    while [ ! -e "$state/$1/phase" ] && [ ! -e "$state/$1/refused" ] && [ "$tries" -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    [ ! -e "$state/$1/refused" ] || say refused "$(cat "$state/$1/refused")"
    tell "$1"
}

# Whether somebody switches it who is not hlc. NixOS has a lock of its own, which 'nixos-rebuild' holds; there is no way
# back while it does.
is_rebuilt() {
    nixos=/run/nixos/switch-to-configuration.lock
    [ -e "$nixos" ] && ! flock --nonblock "$nixos" true
}

# What is no longer as it was planned from, where one system ran and one was to be booted: what others made of a host is
# not overwritten.
moved() {
    if [ "$(readlink -f /run/current-system)" != "$1" ]; then echo moved; return; fi
    [ "$(readlink -f "$profile")" = "$2" ] || echo boots-other
}

# Why it does not begin, if it must not.
refusal() {
    if ! flock --wait 2 9 || is_rebuilt; then echo busy; return; fi
    moved=$(moved "$old" "$boots")
    if [ -n "$moved" ]; then echo "$moved"; return; fi
    [ -x "$new/bin/switch-to-configuration" ] || echo missing
}

phase() {
    put "$dir/why" "${2-}"
    put "$dir/phase" "$1"
}

# What the activation starts must not keep the lock.
activate() { timeout --kill-after=10 "$limit" "$1/bin/switch-to-configuration" "$2" >>"$dir/log" 2>&1 </dev/null 9>&-; }

watch() {
    id=$1 new=$2 old=$3 boots=$4 confirm=$5 limit=$6
    dir=$state/$id
    # What is made here is NixOS's own. What is in this folder is for root alone, whatever its files say.
    umask 022
    exec 9>"$state/lock"
    refused=$(refusal)
    if [ -n "$refused" ]; then
        put "$dir/refused" "$refused"
        exit
    fi
    # What others left behind, such as scripts of sessions that broke off.
    find "$state" -mindepth 1 -maxdepth 1 ! -name "$id" ! -name lock ! -name last -mtime +0 -exec rm -rf {} +
    put "$dir/system" "$new"
    put "$state/last" "$id"
    # Neither is collected meanwhile.
    mkdir -p "$roots"
    ln -sfn "$new" "$roots/new"
    ln -sfn "$old" "$roots/old"
    phase activating
    code=0
    activate "$new" test || code=$?
    case $code in
        0) ;;
        124 | 137) back "its activation took more than $limit seconds" ;;
        *) back "its activation failed with $code" ;;
    esac
    phase activated
    waited=0
    while [ ! -L "$dir/verdict" ] && [ "$waited" -lt $((confirm * 5)) ]; do
        sleep 0.2
        waited=$((waited + 1))
    done
    # Only one of the two can be first.
    ln -s expired "$dir/verdict" 2>/dev/null || :
    [ "$(readlink "$dir/verdict")" = confirmed ] || back "nobody could reach it within $confirm seconds"
    phase saving
    why="it could not be made what the host boots"
    if saved; then phase 'done'; else phase unsaved "$why"; fi
    rm -rf "$roots"
}

# Has the host boot what it runs. The profile is not to say so where the boot loader does not.
saved() {
    if [ "$(readlink -f "$profile")" != "$boots" ]; then
        why="somebody told the host meanwhile to boot another one"
        return 1
    fi
    was=$(readlink "$profile")
    nix-env --profile "$profile" --set "$new" >>"$dir/log" 2>&1 9>&- || return 1
    activate "$new" boot && return
    was=${was#system-}
    [ -z "$was" ] || nix-env --profile "$profile" --switch-generation "${was%-link}" >>"$dir/log" 2>&1 9>&-
    return 1
}

back() {
    phase rolling-back "$1"
    if activate "$old" test; then phase rolled-back "$1"; else phase stuck "$1"; fi
    rm -rf "$roots"
    exit
}

confirm() {
    [ -d "$state/$1" ] || { say refused unknown; return; }
    ln -s confirmed "$state/$1/verdict" 2>/dev/null || :
    say verdict "$(readlink "$state/$1/verdict")"
}

restart() {
    # Whoever asked and heard no answer asks again.
    [ "$(boot_id)" = "$1" ] || return 0
    # Who is at it must not be broken off.
    if ! flock --wait 2 "$state/lock" true || is_rebuilt; then say refused busy; return; fi
    moved=$(moved "$2" "$2")
    if [ -n "$moved" ]; then say refused "$moved"; return; fi
    # They are still to be answered.
    setsid sh -c 'sleep 1; systemctl reboot || reboot' </dev/null >/dev/null 2>&1 &
}

keep() {
    mkdir -p /var/lib/hlc
    { printf '%s\n' "$1" && sed '1,/^# What is kept:$/d' "$0"; } >/var/lib/hlc/built.new &&
        mv /var/lib/hlc/built.new /var/lib/hlc/built
}

built() { [ ! -r /var/lib/hlc/built ] || { say of "$(head -n 1 /var/lib/hlc/built)"; say built "$(tail -n +2 /var/lib/hlc/built)"; }; }

is_root=$1
shift
what=$1
shift
case $what in
    look | describe | begin | confirm | watch | restart | keep | built) "$what" "$@" ;;
    state) tell "${1-$(cat "$state/last" 2>/dev/null)}" ;;
esac
exit
# What is kept:
