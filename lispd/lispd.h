// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lispd: what every file of the daemon may know.
 *
 * One `router lisp` per daemon: a singleton. The configuration is written by
 * lisp_nb_config.c only, in one go after each commit; see lisp_config_apply().
 *
 * The rooms of lispd/ and vtysh-cmds/, each one .c and .h. Each includes and calls
 * only those that stand before it in this list, and roles never each other.
 *
 *   pure    lisp_wire          constants of the RFCs
 *           lisp_limits        every bound, rate and timer
 *           lisp_eid           EIDs of every kind
 *           lisp_stats         counters of messages, drops and events
 *           lisp_buf           octets: the reader and the writer
 *           lisp_errors        references of the log's errors and warnings
 *           lisp_debug         switches of debug messages
 *           lisp_type7         Cisco's type 7 passwords
 *           lisp_memory        the memory group
 *           lisp_addr          addresses of any AFI
 *           lisp_lcaf          reading any of them; a row for each LISP Canonical Address Format
 *           lisp_addr_eid      the EIDs and RLOCs in addresses
 *           lisp_ip            IP and UDP, ECM, data header
 *           lisp_msg           messages: reading
 *           lisp_msg_put       messages: writing
 *           lisp_addr_str      addresses as text
 *           lisp_auth          authentication data
 *           lisp_eid_table     longest match and holes
 *           lisp_mapping       an EID-prefix and its locators
 *           lisp_msg_debug     messages in the log of debug messages
 *           lisp_bucket        token buckets
 *           lisp_log           how much the log takes about peers
 *           lisp_refusal       the last messages that were refused
 *   state   lisp_instance      instances and their services
 *           lispd              configuration that has no table
 *           lisp_kept          the xTR-ID and nonces over restarts
 *           lisp_keys          the key file
 *           lisp_peer          Map-Resolvers and Map-Servers that are configured
 *           lisp_rloc          RLOCs: own ones, and who reaches them
 *           lisp_database      locator-sets and local EID-prefixes
 *           lisp_site_route    routes to local EID-prefixes: is the site behind us?
 *           lisp_registry      sites and their registrations
 *           lisp_store         registrations over restarts
 *           lisp_tunnel        GRE tunnels of the ALT
 *           lisp_alt_rib       what the ALT tells: learned, lost, settling
 *           lisp_space         whose an EID is, and the hole around it
 *           lisp_query         a message as it came in; a question of it
 *           lisp_pending       outstanding Map-Requests
 *           lisp_map_cache     the map-cache
 *   doors   lisp_kernel        routes that zebra does not know
 *           lisp_zebra         interfaces, routes, nexthops, VRFs
 *           lisp_io            UDP port 4342
 *           lisp_name          names of hosts
 *           lisp_dplane_queue  the dataplane: operations that wait
 *           lisp_dplane_ids    the dataplane: ids of objects
 *           lisp_dplane_fixed  the dataplane: what configuration wants there
 *           lisp_dplane_obj    the dataplane: twins of its objects
 *           lisp_dplane_pb     the dataplane: the socket's messages
 *           lisp_dplane_recall the dataplane: what it held before our start
 *           lisp_dplane        the dataplane: the socket
 *           lisp_alt_io        the ALT's device and sockets
 *   ways    lisp_answer        a Map-Reply to the ITR that asked
 *           lisp_forward       a Map-Request on to an ETR, or onto the ALT
 *           lisp_ask           a Map-Request of our own
 *           lisp_solicit       SMRs of our own
 *           lisp_withdraw      a Map-Register of ours, and withdrawals that nobody waits for
 *           lisp_register_record  ETR: EID-prefixes at Map-Servers, their Map-Registers
 *   roles   lisp_alt           ALT: routes announced, coming up
 *           lisp_itr           ITR: misses, refreshes
 *           lisp_lost          ITR: mappings without a locator that is up
 *           lisp_probe         ITR: RLOC-probing
 *           lisp_register      ETR: when it registers, and what the answers mean
 *           lisp_smr           Solicit-Map-Requests
 *           lisp_etr           ETR: answers
 *           lisp_ms            Map-Server: registrations
 *           lisp_ms_request    Map-Server: answers and forwards
 *           lisp_mr            Map-Resolver
 *   top     lisp_rx            a message comes in
 *           lisp_config        the order in which a commit takes effect
 *           lisp_state         state written once: leaves, kinds of objects
 *           lisp_state_json    state as JSON
 *           lisp_state_mapping state: map-cache, database, RLOCs
 *           lisp_state_site    state: sites and registrations
 *           lisp_state_status  state: the rest
 *           lisp_state_problem state: what is wrong, and the remedy
 *           lisp_lig           lig
 *           lisp_explain       what becomes of a packet
 *           lisp_show          show commands: printers, the walk in slices
 *           lisp_show_mapping  show: map-cache, database
 *           lisp_show_site     show: sites
 *           lisp_show_status   show: the rest
 *           lisp_show_lig      the command lig
 *           lisp_show_forwarding  the command show lisp forwarding
 *           lisp_vty           show, clear, debug, lig commands
 *           lisp_nb            the northbound: what its parts give each other
 *           lisp_nb_state      state as YANG
 *           lisp_nb_notifications  notifications
 *           lisp_nb_rpcs       RPCs
 *           lisp_nb_config     configuration
 *           lisp_nb_nodes      which callback serves which node of the model
 *           lisp_nodes         command nodes, for mgmtd and vtysh
 *           lisp_vtysh         commands that enter and leave them, in vtysh
 *           lisp_cli           configuration commands: what they share; in mgmtd
 *           lisp_cli_eid       configuration: locator-sets, database-mapping, map-cache; in mgmtd
 *           lisp_cli_service   configuration: roles, ALT; in mgmtd
 *           lisp_cli_site      configuration: sites; in mgmtd
 *           lisp_cli_check     what has to hold between sites and instances; in mgmtd
 *           lisp_cli_router    configuration: router lisp and its blocks; in mgmtd
 *           lisp_cli_show      configuration as commands, in mgmtd
 *           lisp_main          start and end
 */
#ifndef _LISPD_H
#define _LISPD_H

#include "ipaddr.h"
#include "prefix.h"
#include "vrf.h"
#include "lispd/lisp_instance.h"
#include "lispd/lisp_memory.h"
#include "lispd/lisp_stats.h"
#include "lispd/lisp_wire.h"

struct lisp {
	struct event_loop *master;
	bool enabled;		   /* `router lisp` is configured */
	char rloc_vrf[VRF_NAMSIZ]; /* `locator-table`: where RLOCs are; "default" */

	uint8_t xtr_id[LISP_XTR_ID_LEN]; /* configured, or lisp_kept_xtr_id() */
	uint64_t site_id;
	bool rloc_probing; /* `loc-reach-algorithm rloc-probing` */

	/* first packets held by the dataplane while an EID is resolved */
	uint32_t queue_per_eid; /* packets, 0: off */
	uint32_t queue_total;	/* packets */
};

extern struct lisp lisp;
extern struct zebra_privs_t lisp_privs;

#endif /* _LISPD_H */
