# The power supply of a machine: what outlives its boots. Runs in namespaces of its own, and with it ends all of it.
#
#     power.sh FOLDER NAME SIZE_OF_DISK
set -eu
folder=$1 name=$2 size=$3

# Disks of its own: one so that it can be full, and none that of the machine the tests run on, since a host with next to
# nothing free is not well.
disk() { mount -t tmpfs -o "size=$size,mode=755" "$1" "$2"; }
disk nix "$folder/root/nix"
disk boot "$folder/root/boot"

# The programs of Debian, but for those that a machine of NixOS has elsewhere, or not at all. In memory, because they
# are many; a program that is in both folders is the same.
base=$folder/root/machine/base
mount -t tmpfs -o mode=755 base "$base"
ln -s /usr/sbin/* /usr/bin/* "$base" 2>/dev/null || true
(cd "$base" && rm -f sudo systemctl systemd-run reboot nixos-rebuild)

# The installer is taken away once there is something to boot: what was installed becomes the machine's own.
take_installed() {
    local target=$folder/root/machine/target
    [ -L "$target/boot/default" ] || return 0
    mkdir "$folder/disk"
    disk installed "$folder/disk"
    cp -a "$target/." "$folder/disk"
    rm -rf "$target"
    mount --bind "$folder/disk/nix" "$folder/root/nix"
    rm -f "$folder/root/etc/ssh"/ssh_host_*
    cp -p "$folder/disk/etc/ssh"/ssh_host_* "$folder/root/etc/ssh/"
    cp -P "$folder/disk/boot/default" "$folder/root/boot/default"
    sed -i 's/^KIND=.*/KIND=host/' "$folder/root/machine/settings"
}

exec 4<>"$folder/root/machine/power"
while :; do
    status=0
    take_installed
    echo booting >"$folder/root/machine/state"
    unshare --mount --uts --pid --fork --kill-child bash "$folder/root/machine/start.sh" "$folder" "$name" || status=$?
    rm -f "$folder/root/machine/pid"
    case $status in
    75) continue ;; # reboot
    76) echo off >"$folder/root/machine/state" ;;
    *) echo "failed with status $status" >"$folder/root/machine/state" ;;
    esac
    read -r _ <&4
done
