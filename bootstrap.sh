#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes ./configure. What that takes is looked for first, and named with one line to paste.
cd "$(dirname "$(readlink -f "$0")")" || exit 1
debian='' fedora=''

# needs PROGRAM DEBIAN-PACKAGE FEDORA-PACKAGE
needs() {
	command -v "$1" >/dev/null && return
	debian="$debian $2" fedora="$fedora $3"
}
needs autoconf autoconf autoconf
needs automake automake automake
needs libtoolize libtool libtool
needs pkg-config pkg-config pkgconf-pkg-config
if [ -n "$debian" ]; then
	echo "bootstrap.sh: missing:$debian" >&2
	echo "  Debian: apt-get install$debian" >&2
	echo "  Fedora: dnf install$fedora" >&2
	exit 1
fi
exec autoreconf -i
