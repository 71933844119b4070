# What hlc does as root on a machine that was started from an installer of NixOS. It is sent there each time.
#
#   look                            says how the machine is, and the devices that are given
#   hardware                        says what nixos-generate-config finds
#   begin ID disks SCRIPT HOST      has disko's script erase, format and mount the devices that are given
#   begin ID install SYSTEM         has the system that is in /mnt made what the machine boots
#   state                           says how far what was begun is
#   key                             puts the host key there that is given: the public half, and then the private one
#   take SYSTEM                     copies a system that was built here to /mnt
#   restart                         starts the machine again
#
# What is given are the lines behind this script, up to one that says that they are all. What is begun goes on when the
# connection is lost, one thing at a time; what has come to its end leaves a mark on the disk itself, so that nobody does
# it again.

set -u
umask 077
PATH=/run/wrappers/bin:/run/current-system/sw/bin:/nix/var/nix/profiles/default/bin:$PATH
HOME=${HOME:-/root}
export PATH HOME
state=/run/hlc-install
marks=/mnt/var/lib/hlc
columns=NAME,TYPE,SIZE,MODEL,SERIAL,FSTYPE,LABEL,MOUNTPOINT
host_key=/mnt/etc/ssh/ssh_host_ed25519_key

say() { printf 'hlc:%s=%s\n' "$1" "$2"; }
given() { sed -e '1,/^# What is given:$/d' -e '$d' "$0"; }
is_mounted() { mountpoint -q /mnt; }

look() {
    say root "$is_root"
    if command -v nixos-install >/dev/null && command -v nixos-generate-config >/dev/null; then say tools yes; fi
    for folder in / /nix/store; do
        say from "$(findmnt --noheadings --first-only --output FSTYPE --target "$folder")"
    done
    if is_mounted; then
        say mounted yes
        # The first line is the host, and then there are its devices.
        if [ -r "$marks/disks" ]; then
            say made "$(head -n 1 "$marks/disks")"
            tail -n +2 "$marks/disks" | while IFS= read -r device; do say made-of "$device"; done
        fi
        # What the private half says, not what stands beside it.
        if [ -s "$host_key" ]; then say key "$(ssh-keygen -y -P '' -f "$host_key" 2>/dev/null)"; fi
        if [ -r "$marks/installed" ]; then say installed "$(cat "$marks/installed")"; fi
    fi
    given | while IFS= read -r device; do
        say device "$device"
        blocks=$(lsblk --pairs --bytes --output "$columns" "$device" 2>/dev/null) || continue
        say real "$(readlink -f "$device")"
        printf '%s\n' "$blocks" | while IFS= read -r block; do say block "$block"; done
    done
    state
}

hardware() { nixos-generate-config --no-filesystems --show-hardware-config | sed 's/^/hlc:hardware=/'; }

# Whoever works holds the lock as long as that takes.
is_running() { ! flock --shared --nonblock "$state/lock" true 2>/dev/null; }

state() {
    mkdir -p "$state"
    id=$(cat "$state/last" 2>/dev/null) || return 0
    say task "$id"
    say does "$(cat "$state/$id/does")"
    if is_running; then say running yes; fi
    # In this order: what ended meanwhile has said how.
    [ ! -r "$state/$id/code" ] || say code "$(cat "$state/$id/code")"
    tail -n 20 "$state/$id/log" 2>/dev/null | while IFS= read -r line; do say log "$line"; done
}

begin() {
    dir=$state/$1
    mkdir -p "$dir"
    cp "$0" "$dir/on_installer.sh"
    # A process that no session has, since the connection may be lost.
    if [ -d /run/systemd/system ]; then
        systemd-run --quiet --collect --no-ask-password --service-type=exec --unit="hlc-install-$1" \
            "$(readlink -f /bin/sh)" "$dir/on_installer.sh" "$is_root" work "$@" || : >"$dir/refused"
    else
        setsid sh "$dir/on_installer.sh" "$is_root" work "$@" </dev/null >/dev/null 2>&1 &
    fi
    tries=0
    while [ ! -e "$dir/does" ] && [ ! -e "$dir/refused" ] && [ "$tries" -lt 100 ]; do
        sleep 0.1
        tries=$((tries + 1))
    done
    if [ -e "$dir/refused" ] || [ ! -e "$dir/does" ]; then say refused yes; fi
}

work() {
    id=$1 what=$2
    shift 2
    dir=$state/$id
    exec 9>"$state/lock"
    flock --wait 2 9 || { : >"$dir/refused"; exit; }
    printf '%s' "$what" >"$dir/does.new"
    printf '%s' "$id" >"$state/last"
    mv "$dir/does.new" "$dir/does"
    code=0
    # In a shell of its own, which stops where something fails. What stays running must not keep the lock.
    sh "$0" "$is_root" "do_$what" "$@" >"$dir/log" 2>&1 </dev/null 9>&- || code=$?
    printf '%s' "$code" >"$dir/code.new"
    mv "$dir/code.new" "$dir/code"
}

do_disks() {
    set -e
    umask 022
    "$1"
    is_mounted || { echo "disko's script mounted nothing at /mnt"; exit 1; }
    mkdir -p "$marks"
    { printf '%s\n' "$2"; given; } >"$marks/disks.new"
    mv "$marks/disks.new" "$marks/disks"
    sync
}

do_install() {
    set -e
    umask 022
    nixos-install --root /mnt --system "$1" --no-root-passwd --no-channel-copy
    mkdir -p "$marks"
    printf '%s' "$1" >"$marks/installed.new"
    mv "$marks/installed.new" "$marks/installed"
    sync
}

# As sshd wants it: nobody else reads the private half.
key() {
    set -e
    is_mounted
    mkdir -p /mnt/etc/ssh
    chmod 755 /mnt/etc /mnt/etc/ssh
    given | head -n 1 >"$host_key.pub.new"
    given | tail -n +2 >"$host_key.new"
    chmod 600 "$host_key.new"
    chmod 644 "$host_key.pub.new"
    mv "$host_key.new" "$host_key"
    mv "$host_key.pub.new" "$host_key.pub"
    sync
}

take() {
    umask 022
    is_mounted && nix --extra-experimental-features nix-command copy --no-check-sigs --to 'local?root=/mnt' "$1"
}

restart() {
    sync
    # Whoever asked is still to be answered.
    setsid sh -c 'sleep 1; systemctl reboot || reboot' </dev/null >/dev/null 2>&1 &
}

# A connection that is lost in the middle has a part of all this come through.
[ "$(tail -n 1 "$0")" = '# That is all.' ] || exit 1
is_root=$1
shift
"$@"
exit
# What is given:
