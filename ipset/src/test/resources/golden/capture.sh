#!/bin/sh
# Makes the golden files of this directory again, from what the real ipset tool says to the kernel and
# hears from it. As root, with ipset and strace, in a namespace of its own: unshare -n sh capture.sh
cd "$(dirname "$0")" || exit 1

# capture FILE DIRECTION NUMBER COMMAND...
# The first datagram (write: to the kernel, read: from it) of the ipset command with this number.
capture() {
  file=$1 direction=$2 number=$3
  shift 3
  {
    echo "# $*"
    echo "# $(ipset --version | sed 's/,.*//'), Linux $(uname -r | sed 's/-.*//'), $direction"
    strace -s 0 -e trace=sendto,recvmsg,recvfrom -e "$direction=3,4" sh -c "exec $*" 2>&1 >/dev/null |
      awk -v number="$number" '
        function finish() {
          split(block, byte, " ")
          if (!found && byte[5] == number && byte[6] == "06") { printf "%s", text; found = 1 }
          block = text = ""
        }
        / \| [0-9a-f]+  / { hex = substr($0, 11, 49); sub(/ +$/, "", hex); block = block " " hex
          text = text hex "\n"; next }
        { finish() }'
  } > "$file.hex"
  [ "$(wc -l < "$file.hex")" -gt 2 ] || echo "$file: no such datagram" >&2
}

sets=" hash-ip:hash:ip hash-ip-port:hash:ip,port hash-ip-port-ip:hash:ip,port,ip hash-ip-port-net:hash:ip,port,net"

capture protocol write 01 ipset create P bitmap:port range 0-65535
ipset destroy P
capture protocol-answer read 01 ipset create P bitmap:port range 0-65535
ipset destroy P
for set in $sets; do
  name=${set%%:*} type=${set#*:}
  for family in inet inet6; do
    parameters="$type family $family hashsize 1024 maxelem 65536"
    capture "create-$name-$family" write 02 ipset create S "$parameters"
    ipset destroy S
    capture "type-$name" write 0d ipset create S "$parameters"
    ipset destroy S
    capture "type-answer-$name" read 0d ipset create S "$parameters"
    if [ $family = inet ]; then ip=10.96.0.1 other=10.0.0.0/8; else ip=fd00::1 other=fd01::/64; fi
    case $type in
      hash:ip) entry=$ip ;;
      hash:ip,port) entry=$ip,tcp:443 ;;
      hash:ip,port,ip) entry=$ip,udp:53,$ip ;;
      hash:ip,port,net) entry=$ip,sctp:80,$other ;;
    esac
    capture "add-$name-$family" write 09 ipset add S "$entry"
    capture "list-answer-$name-$family" read 07 ipset save
    capture "del-$name-$family" write 0a ipset del S "$entry"
    ipset destroy S
  done
done
capture create-bitmap-port write 02 ipset create P bitmap:port range 0-65535
capture add-bitmap-port write 09 ipset add P 30080
capture list-answer-bitmap-port read 07 ipset save
capture del-bitmap-port write 0a ipset del P 30080
ipset destroy P

ipset create A hash:ip,port
ipset create B hash:ip,port
capture swap write 06 ipset swap A B
capture rename write 05 ipset rename A C
capture flush write 04 ipset flush C
capture list write 07 ipset list
capture list-terse write 07 ipset list -terse
capture list-one write 07 ipset list C
capture destroy write 03 ipset destroy C
ipset destroy B

printf 'add S 10.0.0.1,tcp:80\nadd S 10.0.0.2,udp:53\n' > entries.txt
ipset create S hash:ip,port
capture add-two write 09 "ipset restore -exist -file entries.txt"
rm entries.txt
ipset destroy S

ipset create S hash:ip,port timeout 300 counters comment skbinfo
ipset add S 10.0.0.1,tcp:80 timeout 100 packets 3 bytes 400 comment hello skbmark 0x10
capture list-answer-extensions read 07 ipset save
ipset destroy S
