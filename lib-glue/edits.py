# SPDX-License-Identifier: GPL-2.0-or-later
"""What lispd needs changed in FRR 10.3: one row an edit.

A row names the edit, the file, what to do at the anchor (after, before,
replace) and the text. An anchor has to occur exactly once in the pristine
file, unless the row says which occurrence is meant (nth, from 1). @NAME@ in a
text is computed from the tree (see apply: tree_values).
"""
from typing import NamedTuple


class Edit(NamedTuple):
    """One change at one place."""

    name: str
    path: str
    action: str
    anchor: str
    text: str
    nth: int = 0


EDITS = [
    # -- build ---------------------------------------------------------------
    Edit(
        "configure-option",
        "configure.ac",
        "after",
        "  AS_HELP_STRING([--disable-pathd], [do not build pathd]))\n",
        "AC_ARG_ENABLE([lispd],\n"
        "  AS_HELP_STRING([--disable-lispd], [do not build lispd]))\n",
    ),
    Edit(
        "configure-checks",
        "configure.ac",
        "after",
        "  AC_DEFINE([HAVE_PATHD], [1], [pathd])\n])\n",
        """
AS_IF([test "$enable_lispd" != "no" && test "$enable_clippy_only" != "yes"], [
  AC_DEFINE([HAVE_LISPD], [1], [lispd])
  PKG_CHECK_MODULES([LISP_CRYPTO], [libcrypto >= 3.0],, [
    AC_MSG_ERROR([lispd needs OpenSSL 3's libcrypto (Debian: libssl-dev; Fedora: openssl-devel)])
  ])
  PKG_CHECK_MODULES([LIBBPF], [libbpf >= 0.7],, [
    AC_MSG_ERROR([lispd's dataplane plugin needs libbpf (Debian: libbpf-dev; Fedora: libbpf-devel)])
  ])
  AC_CHECK_PROGS([BPF_CLANG], [clang], [no])
  AS_IF([test "$BPF_CLANG" = "no"], [
    AC_MSG_ERROR([lispd's eBPF programs need clang (Debian, Fedora: clang)])
  ])
])
""",
    ),
    Edit(
        "configure-conditional",
        "configure.ac",
        "after",
        'AM_CONDITIONAL([PATHD], [test "$enable_pathd" != "no"])\n',
        'AM_CONDITIONAL([LISPD], [test "$enable_lispd" != "no"])\n',
    ),
    Edit(
        "make-include",
        "Makefile.am",
        "after",
        "include pathd/subdir.am\n",
        "include lispd/subdir.am\ninclude dplane/subdir.am\ninclude vtysh-cmds/subdir.am\n",
    ),
    Edit(
        "make-shorthand",
        "Makefile.am",
        "before",
        "\tmgmtd/Makefile \\\n",
        "\tlispd/Makefile \\\n",
    ),
    Edit(
        "yang-model",
        "yang/subdir.am",
        "before",
        "if PATHD\ndist_yangmodels_DATA += yang/frr-pathd.yang\n",
        "if LISPD\ndist_yangmodels_DATA += yang/frr-lispd.yang\nendif\n\n",
    ),
    # A file that comes out as it was is left alone: make then compiles none of vtysh's
    # commands again for an edit that touches no command.
    Edit(
        "xref-unchanged",
        "python/xrelfo.py",
        "replace",
        '            os.rename(filename + ".tmp", filename)\n',
        "            replace_changed(filename)\n",
    ),
    Edit(
        "xref-unchanged-compare",
        "python/xrelfo.py",
        "before",
        "def main():\n",
        """def replace_changed(filename):
    new = filename + ".tmp"
    if os.path.exists(filename) and filecmp.cmp(new, filename, shallow=False):
        os.unlink(new)
    else:
        os.rename(new, filename)


""",
    ),
    Edit(
        "xref-unchanged-import",
        "python/xrelfo.py",
        "before",
        "import os\n",
        "import filecmp\n",
    ),
    # -- lib -----------------------------------------------------------------
    Edit(
        "route-type",
        "lib/route_types.txt",
        "before",
        "ZEBRA_ROUTE_ALL,        any,",
        "ZEBRA_ROUTE_LISP,       lisp,      lispd,  'l', 1, 1, 1,"
        '     "LISP",          lispd\n',
    ),
    Edit(
        "route-type-help",
        "lib/route_types.txt",
        "after",
        'ZEBRA_ROUTE_OPENFABRIC, "OpenFabric Routing Protocol"\n',
        'ZEBRA_ROUTE_LISP,   "Locator/ID Separation Protocol (LISP)"\n',
    ),
    Edit(
        "route-type-enabled",
        "lib/subdir.am",
        "before",
        "if NHRPD\nrt_enabled += --enabled nhrpd\n",
        "if LISPD\nrt_enabled += --enabled lispd\nendif\n",
    ),
    # libfrr exports these names, which libcrypto calls for its own HMAC-SHA-256
    # and HKDF: in a process with both every such MAC would be wrong.
    Edit(
        "sha256-names",
        "lib/sha256.h",
        "after",
        "#define _SHA256_H_\n",
        "\n"
        "/* OpenSSL's libcrypto has functions of these names and other structures. */\n"
        "#define SHA256_Init frr_SHA256_Init\n"
        "#define SHA256_Update frr_SHA256_Update\n"
        "#define SHA256_Final frr_SHA256_Final\n",
    ),
    Edit(
        "redistribute-ipv4",
        "lib/log.c",
        "after",
        '\t\telse if (strmatch(s, "table-direct"))\n'
        "\t\t\treturn ZEBRA_ROUTE_TABLE_DIRECT;\n",
        '\t\telse if (strmatch(s, "lisp"))\n\t\t\treturn ZEBRA_ROUTE_LISP;\n',
        nth=1,
    ),
    Edit(
        "redistribute-ipv6",
        "lib/log.c",
        "after",
        '\t\telse if (strmatch(s, "table-direct"))\n'
        "\t\t\treturn ZEBRA_ROUTE_TABLE_DIRECT;\n",
        '\t\telse if (strmatch(s, "lisp"))\n\t\t\treturn ZEBRA_ROUTE_LISP;\n',
        nth=2,
    ),
    Edit(
        "cli-nodes",
        "lib/command.h",
        "before",
        "\tNODE_TYPE_MAX, /* maximum */\n",
        "\tLISP_NODE,\t\t /* LISP protocol mode. */\n"
        "\tLISP_LOCATOR_SET_NODE,\t /* LISP locator-set mode. */\n"
        "\tLISP_SITE_NODE,\t\t /* LISP Map-Server site mode. */\n",
    ),
    Edit(
        "log-references",
        "lib/ferr.h",
        "after",
        "#define PATH_FERR_END       0x11FFFFFF\n",
        "#define LISP_FERR_START     0x14000001\n"
        "#define LISP_FERR_END       0x14FFFFFF\n",
    ),
    Edit(
        "yang-native",
        "lib/yang.c",
        "after",
        '\t"frr-isisd",\n',
        '\t"frr-lispd",\n',
    ),
    Edit(
        "vty-port",
        "lib/libfrr.h",
        "after",
        "#define MGMTD_VTY_PORT 2623\n",
        "#define LISP_VTY_PORT 2625\n",
    ),
    Edit(
        "mgmt-daemon",
        "lib/vty.c",
        "after",
        '#ifdef HAVE_STATICD\n\t"staticd",\n#endif\n',
        '#ifdef HAVE_LISPD\n\t"lispd",\n#endif\n',
    ),
    # A key of LISP is never logged: not by `log commands`, not as a slow command, not in
    # a message that the line is wrong.
    Edit(
        "vty-log-include",
        "lib/vty.c",
        "after",
        '#include "vty.h"\n',
        '#include "lispd/lisp_loggable.h"\n',
    ),
    Edit(
        "vty-log-variable",
        "lib/vty.c",
        "replace",
        "\tchar *cp = NULL;\n\n\tassert(vty);\n\n\t/*\n\t * Log non empty command lines\n",
        "\tchar *cp = NULL;\n\tchar loggable[VTY_BUFSIZ];\n"
        "\n\tassert(vty);\n\tlisp_loggable(vty, buf, loggable, sizeof(loggable));\n"
        "\n\t/*\n\t * Log non empty command lines\n",
    ),
    Edit(
        "vty-log-commands",
        "lib/vty.c",
        "replace",
        '\t\tzlog_notice("%s%s", prompt_str, buf);\n',
        '\t\tzlog_notice("%s%s", prompt_str, loggable);\n',
    ),
    Edit(
        "vty-log-cpu-hog",
        "lib/vty.c",
        "replace",
        '\t\t\t  "CPU HOG: command took %lums (cpu time %lums): %s",\n'
        "\t\t\t  walltime / 1000, cputime / 1000, buf);\n",
        '\t\t\t  "CPU HOG: command took %lums (cpu time %lums): %s",\n'
        "\t\t\t  walltime / 1000, cputime / 1000, loggable);\n",
    ),
    Edit(
        "vty-log-starvation",
        "lib/vty.c",
        "replace",
        '\t\t\t  "STARVATION: command took %lums (cpu time %lums): %s",\n'
        "\t\t\t  walltime / 1000, cputime / 1000, buf);\n",
        '\t\t\t  "STARVATION: command took %lums (cpu time %lums): %s",\n'
        "\t\t\t  walltime / 1000, cputime / 1000, loggable);\n",
    ),
    Edit(
        "vty-log-unknown",
        "lib/vty.c",
        "replace",
        "\t\t\t\tprotocolname, buf);\n",
        "\t\t\t\tprotocolname, loggable);\n",
    ),
    Edit(
        "command-log-include",
        "lib/command.c",
        "after",
        '#include "vty.h"\n',
        '#include "lispd/lisp_loggable.h"\n',
    ),
    Edit(
        "command-log-error",
        "lib/command.c",
        "replace",
        "\t\tmemcpy(ve->error_buf, vty->buf, VTY_BUFSIZ);\n",
        "\t\tlisp_loggable(vty, vty->buf, ve->error_buf, sizeof(ve->error_buf));\n",
    ),
    Edit(
        "command-log-file",
        "lib/command.c",
        "replace",
        "\t\t\tint len = strlen(vty->buf);\n",
        "\t\t\tchar loggable[VTY_BUFSIZ];\n"
        "\t\t\tint len = strlen(lisp_loggable(vty, vty->buf, loggable, sizeof(loggable)));\n",
    ),
    Edit(
        "command-log-file-line",
        "lib/command.c",
        "replace",
        '"config-from-file# %.*s", len ? len - 1 : 0,\n\t\t\t\t    vty->buf);\n',
        '"config-from-file# %.*s", len ? len - 1 : 0,\n\t\t\t\t    loggable);\n',
    ),
    Edit(
        "yang-route-type-ipv4",
        "yang/frr-route-types.yang",
        "after",
        "      enum openfabric {\n        value 27;\n      }\n",
        "      enum lisp {\n        value @ROUTE_TYPE@;\n      }\n",
        nth=1,
    ),
    Edit(
        "yang-route-type-ipv6",
        "yang/frr-route-types.yang",
        "after",
        "      enum openfabric {\n        value 27;\n      }\n",
        "      enum lisp {\n        value @ROUTE_TYPE@;\n      }\n",
        nth=2,
    ),
    # -- zebra ---------------------------------------------------------------
    Edit(
        "zebra-distance",
        "zebra/zebra_rib.c",
        "before",
        "\t[ZEBRA_ROUTE_VRRP] = {ZEBRA_ROUTE_VRRP,",
        "\t[ZEBRA_ROUTE_LISP] = {ZEBRA_ROUTE_LISP, ZEBRA_LISP_DISTANCE_DEFAULT,\n"
        "\t\t\t      META_QUEUE_NOTBGP},\n",
    ),
    # What a killed zebra left in the kernel has been read when this is called, but waits
    # in the meta-queue: the tables are still empty, and no second sweep comes.
    Edit(
        "zebra-sweep",
        "zebra/zebra_rib.c",
        "before",
        "\tzrouter.rib_sweep_time = monotime(NULL);\n\t/* TODO: Change to debug */\n",
        """	/* Routes of the kernel that are still on their way to the tables: after these. */
	if (zrouter.mq->size) {
		event_add_timer_msec(zrouter.master, rib_sweep_route, NULL,
				     ZEBRA_RIB_PROCESS_HOLD_TIME, &zrouter.t_rib_sweep);
		return;
	}

""",
    ),
    Edit(
        "zebra-distance-value",
        "lib/frrdistance.h",
        "after",
        "#define ZEBRA_OPENFABRIC_DISTANCE_DEFAULT 115\n",
        "#define ZEBRA_LISP_DISTANCE_DEFAULT 10\n",
    ),
    # A zebra that comes back gets its addresses from mgmtd, and reads them in the
    # kernel, before it hears of allow-reserved-ranges: it would refuse those of 240/4,
    # and with them all that mgmtd has for it.
    Edit(
        "zebra-reserved-configured",
        "zebra/zebra_nb_config.c",
        "replace",
        "\t\tif (ipv4_martian(&p.u.prefix4)) {\n",
        "\t\tif (ipv4_martian(&p.u.prefix4) &&\n"
        "\t\t    !IPV4_CLASS_E(ntohl(p.u.prefix4.s_addr))) {\n",
        nth=1,
    ),
    Edit(
        "zebra-reserved-in-kernel",
        "zebra/connected.c",
        "replace",
        "\tif (ipv4_martian(addr))\n",
        "\tif (ipv4_martian(addr) && !IPV4_CLASS_E(ntohl(addr->s_addr)))\n",
    ),
    Edit(
        "kernel-proto",
        "zebra/rt_netlink.h",
        "after",
        "#define RTPROT_SRTE        198\n",
        "#define RTPROT_LISP        199\n",
    ),
    Edit(
        "kernel-selfroute",
        "zebra/rt_netlink.c",
        "replace",
        "\t    || (proto == RTPROT_SRTE)) {\n",
        "\t    || (proto == RTPROT_SRTE) || (proto == RTPROT_LISP)) {\n",
    ),
    Edit(
        "kernel-to-proto",
        "zebra/rt_netlink.c",
        "after",
        "\tcase ZEBRA_ROUTE_SRTE:\n\t\tproto = RTPROT_SRTE;\n\t\tbreak;\n",
        "\tcase ZEBRA_ROUTE_LISP:\n\t\tproto = RTPROT_LISP;\n\t\tbreak;\n",
    ),
    Edit(
        "kernel-from-proto",
        "zebra/rt_netlink.c",
        "after",
        "\tcase RTPROT_SRTE:\n\t\tproto = ZEBRA_ROUTE_SRTE;\n\t\tbreak;\n",
        "\tcase RTPROT_LISP:\n\t\tproto = ZEBRA_ROUTE_LISP;\n\t\tbreak;\n",
    ),
    Edit(
        "iproute2-name",
        "tools/etc/iproute2/rt_protos.d/frr.conf",
        "after",
        "198  srte\n",
        "199  lisp\n",
    ),
    # -- mgmtd ---------------------------------------------------------------
    Edit(
        "mgmtd-client-id",
        "mgmtd/mgmt_be_adapter.h",
        "before",
        "\tMGMTD_BE_CLIENT_ID_MAX\n",
        "#ifdef HAVE_LISPD\n\tMGMTD_BE_CLIENT_ID_LISPD,\n#endif\n",
    ),
    Edit(
        "mgmtd-client-name",
        "mgmtd/mgmt_be_adapter.c",
        "before",
        '\t[MGMTD_BE_CLIENT_ID_MAX] = "Unknown/Invalid",\n',
        "#ifdef HAVE_LISPD\n" '\t[MGMTD_BE_CLIENT_ID_LISPD] = "lispd",\n' "#endif\n",
    ),
    Edit(
        "mgmtd-xpaths",
        "mgmtd/mgmt_be_adapter.c",
        "before",
        "static const char *const *be_client_config_xpaths",
        """#ifdef HAVE_LISPD
static const char *const lispd_config_xpaths[] = {
	"/frr-lispd:lisp",
	NULL,
};
static const char *const lispd_oper_xpaths[] = {
	"/frr-backend:clients",
	"/frr-lispd:lisp",
	NULL,
};
static const char *const lispd_rpc_xpaths[] = {
	"/frr-lispd",
	NULL,
};
#endif

""",
    ),
    # A client that comes back before the end of its old connection was seen is the one
    # with its id: else a zebra that was killed and starts again never is configured.
    Edit(
        "mgmtd-old-connection",
        "mgmtd/mgmt_be_adapter.c",
        "replace",
        """	if (adapter->id < MGMTD_BE_CLIENT_ID_MAX) {
		mgmt_be_adapters_by_id[adapter->id] = NULL;
""",
        """	if (adapter->id < MGMTD_BE_CLIENT_ID_MAX) {
		if (mgmt_be_adapters_by_id[adapter->id] == adapter)
			mgmt_be_adapters_by_id[adapter->id] = NULL;
""",
    ),
    Edit(
        "mgmtd-config-table",
        "mgmtd/mgmt_be_adapter.c",
        "after",
        "\t[MGMTD_BE_CLIENT_ID_ZEBRA] = zebra_config_xpaths,\n",
        "#ifdef HAVE_LISPD\n"
        "\t[MGMTD_BE_CLIENT_ID_LISPD] = lispd_config_xpaths,\n"
        "#endif\n",
    ),
    Edit(
        "mgmtd-oper-table",
        "mgmtd/mgmt_be_adapter.c",
        "before",
        "\t[MGMTD_BE_CLIENT_ID_ZEBRA] = zebra_oper_xpaths,\n",
        "#ifdef HAVE_LISPD\n"
        "\t[MGMTD_BE_CLIENT_ID_LISPD] = lispd_oper_xpaths,\n"
        "#endif\n",
    ),
    Edit(
        "mgmtd-rpc-table",
        "mgmtd/mgmt_be_adapter.c",
        "after",
        "static const char *const *be_client_rpc_xpaths[MGMTD_BE_CLIENT_ID_MAX] = {\n",
        "#ifdef HAVE_LISPD\n"
        "\t[MGMTD_BE_CLIENT_ID_LISPD] = lispd_rpc_xpaths,\n"
        "#endif\n",
    ),
    Edit(
        "mgmtd-include-main",
        "mgmtd/mgmt_main.c",
        "before",
        '#include "ripd/rip_nb.h"\n',
        '#include "lispd/lisp_nb.h"\n',
    ),
    Edit(
        "mgmtd-module",
        "mgmtd/mgmt_main.c",
        "before",
        "#ifdef HAVE_RIPD\n\t&frr_ripd_cli_info,\n",
        "#ifdef HAVE_LISPD\n\t&frr_lispd_cli_info,\n#endif\n",
    ),
    Edit(
        "mgmtd-include-vty",
        "mgmtd/mgmt_vty.c",
        "before",
        '#include "ripd/rip_nb.h"\n',
        '#include "lispd/lisp_nb.h"\n',
    ),
    Edit(
        "mgmtd-cli",
        "mgmtd/mgmt_vty.c",
        "before",
        "#ifdef HAVE_RIPD\n\trip_cli_init();\n",
        "#ifdef HAVE_LISPD\n\tlisp_cli_init();\n#endif\n",
    ),
    # -- vtysh ---------------------------------------------------------------
    Edit(
        "vtysh-flag",
        "vtysh/vtysh.h",
        "after",
        "#define VTYSH_MGMTD 0x200000\n",
        "#define VTYSH_LISPD     0x1000000\n",
    ),
    Edit(
        "vtysh-all",
        "vtysh/vtysh.h",
        "replace",
        "\t\tVTYSH_FABRICD | VTYSH_VRRPD | VTYSH_PATHD | VTYSH_MGMTD\n",
        "\t\tVTYSH_FABRICD | VTYSH_VRRPD | VTYSH_PATHD | VTYSH_MGMTD |      \\\n"
        "\t\tVTYSH_LISPD\n",
    ),
    Edit(
        "vtysh-mgmt-backend",
        "vtysh/vtysh.h",
        "replace",
        "\tVTYSH_RIPD | VTYSH_RIPNGD | VTYSH_STATICD | VTYSH_ZEBRA\n",
        "\tVTYSH_RIPD | VTYSH_RIPNGD | VTYSH_STATICD | VTYSH_ZEBRA | VTYSH_LISPD\n",
    ),
    Edit(
        "vtysh-clients-size",
        "vtysh/vtysh.h",
        "replace",
        "extern struct vtysh_client vtysh_client[22];\n",
        "extern struct vtysh_client vtysh_client[23];\n",
    ),
    Edit(
        "vtysh-client",
        "vtysh/vtysh.c",
        "after",
        '\t{.name = "pim6d", .flag = VTYSH_PIM6D},\n',
        '\t{.name = "lispd", .flag = VTYSH_LISPD},\n',
    ),
    Edit(
        "vtysh-log-include",
        "vtysh/vtysh.c",
        "after",
        '#include "vtysh/vtysh.h"\n',
        '#include "lispd/lisp_loggable.h"\n',
    ),
    Edit(
        "vtysh-log-typed",
        "vtysh/vtysh.c",
        "after",
        "\tint saved_ret, saved_node;\n",
        "\tchar loggable[VTY_BUFSIZ];\n",
    ),
    Edit(
        "vtysh-log-typed-line",
        "vtysh/vtysh.c",
        "after",
        "\tvty->node = saved_node;\n",
        "\tlisp_loggable(vty, line, loggable, sizeof(loggable));\n",
    ),
    *(
        Edit(
            f"vtysh-log-typed-{name}",
            "vtysh/vtysh.c",
            "replace",
            f'"%% {message}: %s\\n", line);\n',
            f'"%% {message}: %s\\n", loggable);\n',
        )
        for name, message in [
            ("ambiguous", "Ambiguous command"),
            ("unknown", "Unknown command"),
            ("incomplete", "Command incomplete"),
        ]
    ),
    Edit(
        "vtysh-log-file",
        "vtysh/vtysh.c",
        "after",
        "\tchar *vty_buf_copy = XCALLOC(MTYPE_VTYSH_CMD, VTY_BUFSIZ);\n",
        "\tchar loggable[VTY_BUFSIZ];\n",
    ),
    Edit(
        "vtysh-log-file-line",
        "vtysh/vtysh.c",
        "after",
        "\t\tret = command_config_read_one_line(vty, &cmd, lineno, 1);\n",
        "\t\tlisp_loggable(vty, vty->buf, loggable, sizeof(loggable));\n",
    ),
    *(
        Edit(
            f"vtysh-log-file-{name}",
            "vtysh/vtysh.c",
            "replace",
            "lineno, vty->node, vty->buf);\n",
            "lineno, vty->node, loggable);\n",
            nth=nth,
        )
        for nth, name in [(4, "incomplete"), (3, "unknown"), (2, "ambiguous"), (1, "warning")]
    ),
    Edit(
        "vtysh-log-file-failure",
        "vtysh/vtysh.c",
        "replace",
        "\t\t\t\t\t\t\tvty->buf);\n\t\t\t\t\t\tretcode = cmd_stat;\n",
        "\t\t\t\t\t\t\tloggable);\n\t\t\t\t\t\tretcode = cmd_stat;\n",
    ),
    Edit(
        "vtysh-nodes",
        "vtysh/vtysh.c",
        "before",
        "static struct cmd_node keychain_node = {\n",
        """static struct cmd_node lisp_node = {
	.name = "lisp",
	.node = LISP_NODE,
	.parent_node = CONFIG_NODE,
	.prompt = "%s(config-router-lisp)# ",
};

static struct cmd_node lisp_locator_set_node = {
	.name = "lisp locator-set",
	.node = LISP_LOCATOR_SET_NODE,
	.parent_node = LISP_NODE,
	.prompt = "%s(config-router-lisp-locator-set)# ",
};

static struct cmd_node lisp_site_node = {
	.name = "lisp site",
	.node = LISP_SITE_NODE,
	.parent_node = LISP_NODE,
	.prompt = "%s(config-router-lisp-site)# ",
};

""",
    ),
    Edit(
        "vtysh-commands",
        "vtysh/vtysh.c",
        "before",
        "DEFUNSH(VTYSH_SR | VTYSH_MGMTD, segment_routing, segment_routing_cmd,\n",
        """#ifdef HAVE_LISPD
DEFUNSH(VTYSH_MGMTD, router_lisp, router_lisp_cmd, "router lisp",
	ROUTER_STR "Locator/ID Separation Protocol\\n")
{
	vty->node = LISP_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_locator_set, lisp_locator_set_cmd,
	"locator-set WORD$name",
	"Named set of locators\\n"
	"Name of the set\\n")
{
	vty->node = LISP_LOCATOR_SET_NODE;
	return CMD_SUCCESS;
}

DEFUNSH(VTYSH_MGMTD, lisp_site, lisp_site_cmd, "site WORD$name",
	"Site of the Map-Server\\n"
	"Name of the site\\n")
{
	vty->node = LISP_SITE_NODE;
	return CMD_SUCCESS;
}
#endif /* HAVE_LISPD */

""",
    ),
    Edit(
        "vtysh-exit-commands",
        "vtysh/vtysh.c",
        "before",
        'DEFUNSH(VTYSH_ALL, vtysh_exit_line_vty, vtysh_exit_line_vty_cmd, "exit",\n',
        """#ifdef HAVE_LISPD
DEFUNSH(VTYSH_MGMTD, vtysh_exit_lisp, vtysh_exit_lisp_cmd, "exit",
	"Exit current mode and down to previous mode\\n")
{
	return vtysh_exit(vty);
}

DEFUNSH(VTYSH_MGMTD, vtysh_quit_lisp, vtysh_quit_lisp_cmd, "quit",
	"Exit current mode and down to previous mode\\n")
{
	return vtysh_exit_lisp(self, vty, argc, argv);
}
#endif /* HAVE_LISPD */

""",
    ),
    Edit(
        "vtysh-install-nodes",
        "vtysh/vtysh.c",
        "before",
        "\tinstall_node(&keychain_node);\n",
        "\tinstall_node(&lisp_node);\n"
        "\tinstall_node(&lisp_locator_set_node);\n"
        "\tinstall_node(&lisp_site_node);\n",
    ),
    Edit(
        "vtysh-install-commands",
        "vtysh/vtysh.c",
        "before",
        "\t/* ripd */\n#ifdef HAVE_RIPD\n\tinstall_element(CONFIG_NODE, &router_rip_cmd);\n",
        """	/* lispd */
#ifdef HAVE_LISPD
	install_element(CONFIG_NODE, &router_lisp_cmd);
	install_element(LISP_NODE, &lisp_locator_set_cmd);
	install_element(LISP_NODE, &lisp_site_cmd);
	install_element(LISP_NODE, &vtysh_exit_lisp_cmd);
	install_element(LISP_NODE, &vtysh_quit_lisp_cmd);
	install_element(LISP_NODE, &vtysh_end_all_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &vtysh_exit_lisp_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &vtysh_quit_lisp_cmd);
	install_element(LISP_LOCATOR_SET_NODE, &vtysh_end_all_cmd);
	install_element(LISP_SITE_NODE, &vtysh_exit_lisp_cmd);
	install_element(LISP_SITE_NODE, &vtysh_quit_lisp_cmd);
	install_element(LISP_SITE_NODE, &vtysh_end_all_cmd);
#endif /* HAVE_LISPD */

""",
    ),
    Edit(
        "vtysh-config",
        "vtysh/vtysh_config.c",
        "before",
        '\t\telse if (strncmp(line, "mpls ldp", strlen("mpls ldp")) == 0)\n',
        '\t\telse if (strncmp(line, "router lisp", strlen("router lisp")) == 0)\n'
        "\t\t\tconfig = config_get(LISP_NODE, line);\n",
    ),
    # mgmtd has zebra and lispd judge what it was given as soon as it has all of it;
    # it must not be before they have heard of allow-reserved-ranges themselves.
    Edit(
        "vtysh-mgmtd-status",
        "vtysh/vtysh_config.c",
        "after",
        "\tint my_client_type;\n",
        "\tint early_status = 0;\n",
    ),
    Edit(
        "vtysh-mgmtd-last",
        "vtysh/vtysh_config.c",
        "replace",
        """\t\tfor (unsigned int i = 0; i < array_size(vtysh_client); i++) {
\t\t\t/* Store name of client this fork will handle */
""",
        """\t\tfor (unsigned int n = 1; n <= array_size(vtysh_client); n++) {
\t\t\t/* mgmtd, the first, comes when the others are done */
\t\t\tunsigned int i = n % array_size(vtysh_client);

\t\t\twhile (vtysh_client[i].flag == VTYSH_MGMTD && wait(&status) > 0)
\t\t\t\tif (!early_status)
\t\t\t\t\tearly_status = WEXITSTATUS(status);
\t\t\t/* Store name of client this fork will handle */
""",
    ),
    Edit(
        "vtysh-mgmtd-early",
        "vtysh/vtysh_config.c",
        "replace",
        "\t\t\tint keep_status = 0;\n\n\t\t\tfprintf(stdout,\n\t\t\t\t\"Waiting for children",
        "\t\t\tint keep_status = early_status;\n\n\t\t\tfprintf(stdout,\n\t\t\t\t\"Waiting for children",
    ),
    # -- scripts and system files --------------------------------------------
    Edit(
        "frrcommon-daemons",
        "tools/frrcommon.sh.in",
        "replace",
        "staticd bfdd fabricd vrrpd pathd",
        "staticd bfdd fabricd vrrpd pathd lispd",
    ),
    Edit(
        "frr-daemons",
        "tools/frr.in",
        "replace",
        "staticd bfdd fabricd vrrpd pathd",
        "staticd bfdd fabricd vrrpd pathd lispd",
    ),
    Edit(
        "etc-daemons-switch",
        "tools/etc/frr/daemons",
        "after",
        "pathd=no\n",
        "lispd=no\n",
    ),
    Edit(
        "etc-daemons-options",
        "tools/etc/frr/daemons",
        "after",
        'pathd_options="  -A 127.0.0.1"\n',
        'lispd_options="  -A 127.0.0.1"\n'
        "\n"
        "# lispd forwards through a plugin of zebra: with lispd=yes, add\n"
        '# "-M lisp_dplane" to zebra_options above.\n',
    ),
    Edit(
        "rsyslog-file",
        "tools/etc/rsyslog.d/45-frr.conf",
        "after",
        "    $programname == 'ldpd' or\n",
        "    $programname == 'lispd' or\n",
        nth=1,
    ),
    Edit(
        "rsyslog-stop",
        "tools/etc/rsyslog.d/45-frr.conf",
        "after",
        "    $programname == 'ldpd' or\n",
        "    $programname == 'lispd' or\n",
        nth=2,
    ),
    Edit(
        "logrotate",
        "tools/etc/logrotate.d/frr",
        "replace",
        "isisd ldpd mgmtd nhrpd",
        "isisd ldpd lispd mgmtd nhrpd",
    ),
    Edit(
        "logrotate-debian",
        "debian/frr.logrotate",
        "replace",
        "isisd ldpd nhrpd",
        "isisd ldpd lispd mgmtd nhrpd",
    ),
    Edit(
        "logrotate-redhat",
        "redhat/frr.logrotate",
        "before",
        "/var/log/frr/pathd.log {\n",
        """/var/log/frr/lispd.log {
    notifempty
    missingok
    postrotate
        /bin/kill -USR1 `cat /var/run/frr/lispd.pid 2> /dev/null` 2> /dev/null || true
    endscript
}

""",
    ),
    Edit(
        "debian-module",
        "debian/frr.install",
        "after",
        "usr/lib/*/frr/modules/dplane_fpm_nl.so\n",
        "usr/lib/*/frr/modules/lisp_dplane.so\n",
    ),
    Edit(
        "reload-contexts",
        "tools/frr-reload.py",
        "after",
        '    "router ripng": {},\n',
        '    "router lisp": {"locator-set ": {}, "site ": {}},\n',
    ),
    Edit(
        "reload-whole-block",
        "tools/frr-reload.py",
        "before",
        "            # Some commands can happen at higher counts that make\n",
        """            # "no router lisp" takes its sub-contexts along; a "no" inside them
            # would create the block again
            elif (
                running_ctx_keys[0] == "router lisp"
                and len(running_ctx_keys) > 1
                and running_ctx_keys[:1] not in newconf.contexts
            ):
                continue

""",
    ),
    Edit(
        "reload-daemon",
        "tools/frr-reload.py",
        "after",
        '        "staticd",\n',
        '        "lispd",\n',
    ),
    # -- topotests -----------------------------------------------------------
    Edit(
        "topogen-daemon",
        "tests/topotests/lib/topogen.py",
        "after",
        "    RD_FPM_LISTENER = 22\n",
        "    RD_LISP = 40\n",
    ),
    Edit(
        "topogen-daemon-name",
        "tests/topotests/lib/topogen.py",
        "after",
        '        RD_FPM_LISTENER: "fpm_listener",\n',
        '        RD_LISP: "lispd",\n',
    ),
    Edit(
        "topogen-needed-daemons",
        "tests/topotests/lib/topogen.py",
        "replace",
        """                # LDPd is an exception
                if fname == "ldpd":
                    logger.info(
                        "could not find {} in {}".format(fname, frrdir)
                        + "(LDPd tests will not run)"
                    )
""",
        """                # Only these two are needed by every test
                if fname not in ("zebra", "mgmtd"):
                    logger.info(
                        "could not find {} in {}".format(fname, frrdir)
                        + " (its tests will not run)"
                    )
""",
    ),
    Edit(
        "topotest-daemon",
        "tests/topotests/lib/topotest.py",
        "before",
        '            "fpm_listener": 0,\n',
        '            "lispd": 0,\n',
    ),
    Edit(
        "topotest-modules",
        "tests/topotests/lib/topotest.py",
        "before",
        '    with open("/proc/modules", "r") as modules_file:\n',
        '    if not os.path.exists("/proc/modules"):\n        return False\n',
    ),
    Edit(
        "topotest-marker",
        "tests/topotests/pytest.ini",
        "after",
        "\tldpd: Tests that run against LDPD\n",
        "\tlispd: Tests that run against LISPD\n",
    ),
]
