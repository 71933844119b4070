# The first process of a machine: boots what /boot/default says, then does what is asked of it by lines in
# /machine/control. When it ends, the kernel ends all others.
set -eu
cd /
umask 022
. /machine/settings
export PATH=/run/wrappers/bin:/run/current-system/sw/bin:/machine/base

main() {
    exec 3<>/machine/control
    wrappers
    boot
    NIX_REMOTE='' nix-daemon </dev/null >>/var/log/nix-daemon 2>&1 3<&- &
    has_network && connect
    echo on >/machine/state

    local verb token
    while read -r verb token <&3; do
        case $verb in
        cut) cut ;;
        connect) connect ;;
        reboot) exit 75 ;;
        crash) exit 76 ;;
        esac
        : >"/machine/done/$token"
    done
}

# Programs that only root's files may be, as on NixOS.
wrappers() {
    mkdir -p /run/wrappers/bin /run/sshd
    ln -s /machine/programs/* /run/wrappers/bin/
    [ "$SUDO" = absent ] || ln -s /usr/bin/sudo /run/wrappers/bin/sudo
}

boot() {
    local system
    system=$(readlink /boot/default) || return 0 # nothing is installed yet
    [ -x "$system/bin/switch-to-configuration" ] || {
        echo "the boot default is not in the store: $system"
        exit 1
    }
    ln -s "$system" /run/booted-system
    ln -s "$system" /run/current-system
    echo "$system" >>/var/log/boots
}

# A configuration that breaks the network breaks it again when it is booted.
has_network() {
    [ ! -e /run/current-system/etc/test/no-network ]
}

connect() {
    [ -z "$(sshds)" ] || return 0
    LD_LIBRARY_PATH=/machine/sshd /machine/sshd/sshd -D -e -f /machine/sshd/config \
        </dev/null >>/var/log/sshd 2>&1 3<&- &
    # It answers when it listens; nobody is to be told before.
    until (exec 5<>"/dev/tcp/$ADDRESS/$PORT") 2>/dev/null; do
        kill -0 $! || { cat /var/log/sshd; return 1; }
        sleep 0.01
    done
}

cut() {
    local pid
    while [ -n "$(sshds)" ]; do
        for pid in $(sshds); do kill -KILL "$pid" 2>/dev/null || true; done
        sleep 0.01
    done
}

sshds() {
    local folder name
    for folder in /proc/[0-9]*; do
        read -r name 2>/dev/null <"$folder/comm" || continue
        [ "$name" != sshd ] || read -r _ _ state _ 2>/dev/null <"$folder/stat" || continue
        [ "$name" != sshd ] || [ "$state" = Z ] || echo "${folder#/proc/}"
    done
}

main
