# Puts the file system of a machine together and starts its first process in it.
#
#     start.sh FOLDER NAME
set -eu
root=$1/root name=$2

# By which number the world outside knows this process: /proc is still theirs.
read -r pid _ </proc/self/stat
echo "$pid" >"$root/machine/pid"

# The programs of the real machine, which are not to be written to.
for folder in /usr /bin /sbin /lib /lib32 /lib64 /libx32; do
    if [ -L "$folder" ]; then
        ln -sfn "$(readlink "$folder")" "$root$folder"
    elif [ -d "$folder" ]; then
        mkdir -p "$root$folder"
        mount --bind "$folder" "$root$folder"
        mount -o remount,bind,ro "$root$folder"
    fi
done
mount --rbind /dev "$root/dev"
mount -t proc proc "$root/proc"

# What is new with every boot.
cat /proc/sys/kernel/random/uuid >"$root/machine/boot-id"
mount --bind "$root/machine/boot-id" "$root/proc/sys/kernel/random/boot_id"
rm -rf "$root/run"
mkdir "$root/run"
hostname "$name"

exec env -i HOME=/root LOGNAME=root "$(command -v chroot)" "$root" /bin/bash /machine/init.sh
