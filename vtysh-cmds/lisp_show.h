// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What `show lisp ...` prints: a document of sections, each all objects of a kind
 * (lispd/lisp_state.h), as text in the layouts known from Cisco or as JSON. No one
 * prints a secret.
 *
 * A large table is written in slices: the vty is suspended, other events of lispd run
 * in between, and a vty that does not read is waited for.
 */
#ifndef _LISP_SHOW_H
#define _LISP_SHOW_H

#include "vty.h"

#include "lispd/lispd.h"
#include "lispd/lisp_addr.h"
#include "lispd/lisp_state.h"

/* Of lig without an answer and of output that is not complete: vtysh takes CMD_WARNING, which is
 * for what is not there or not configured, for success.
 */
#define LISP_COMMAND_FAILED CMD_ERR_NOTHING_TODO

/* "00:04:02", "1d00h", "2w3d" for seconds. */
#define LISP_INTERVAL_STRLEN 32
const char *lisp_interval_str(time_t seconds, char *buf, size_t size);

/* Which objects are wanted. */
struct lisp_scope {
	bool one_iid; /* only those of iid */
	uint32_t iid;
	char eid_vrf[VRF_NAMSIZ]; /* only those of instances with this EID table; empty: any */
	unsigned int families;	  /* bit LISP_IPV4, LISP_IPV6 */
};
#define LISP_FAMILIES_ALL ((1U << LISP_FAMILY_MAX) - 1)

bool lisp_scope_has(const struct lisp_scope *scope, uint32_t iid, enum lisp_family family);
/* Not all instances. */
bool lisp_scope_limited(const struct lisp_scope *scope);
/* False: no instance has the EID table that it names, or not the one that it names; and the line
 * that says so.
 */
bool lisp_scope_exists(const struct lisp_scope *scope);
#define LISP_NO_SCOPE_STRLEN (VRF_NAMSIZ + 64)
const char *lisp_no_scope(const struct lisp_scope *scope, char *buf, size_t size);
/* EIDs of other kinds than IP are of no family. */
bool lisp_scope_has_family(const struct lisp_scope *scope, const struct lisp_eid *eid);
/* Are there other instances than 0 that it has? Their output gets a heading each. */
bool lisp_scope_several(const struct lisp_scope *scope);

struct lisp_show;

struct lisp_section {
	const struct lisp_kind *kind;
	const char *member; /* JSON: a container is this member, NULL: its leaves are members */
	/* Text: what is before the objects; one of them. */
	void (*head)(struct lisp_show *show);
	void (*text)(struct lisp_show *show, const void *object);
	/* Text: once for each instance and family (show->iid, family), with its head. */
	bool by_service;
};

struct lisp_show {
	struct vty *vty;
	bool json, detail;
	struct lisp_scope scope;
	const struct lisp_section *sections; /* static; kind NULL ends it */
	const void *only; /* of the section with `eid`: this object alone; NULL: all */
	/* Beside scope, for all sections; NULL: no more conditions. */
	bool (*wanted)(const struct lisp_show *show, const struct lisp_kind *kind,
		       const void *object);
	char name[64];		/* for `wanted` */
	struct lisp_eid within; /* likewise: what is in it */

	/* where the walk is */
	uint32_t iid;
	enum lisp_family family;
	unsigned int section;
	bool begun, any;
	struct lisp_eid last; /* the last object's, of a kind with `eid` */
	char group[64];	      /* the last object's, for `text` */
};

/* Prints all of it, the copy of show in slices if need be. CMD_SUCCESS. */
int lisp_show(const struct lisp_show *show);
/* What was asked for is not there: an empty JSON document, CMD_WARNING. */
int lisp_show_nothing(const struct lisp_show *show);
/* "Output for router lisp 0 instance-id 101", of the show's instance if it is not alone. */
void lisp_show_router_head(struct lisp_show *show);
/* Ends what is being written. */
void lisp_show_finish(void);

/*
 * One or more lines of an object: {leaf} is the leaf's value, "-" if it is absent.
 *   {leaf:12} {leaf:>12}   in a column, left or right
 *   {leaf@time}            seconds as an interval, "never" if absent; @minutes likewise;
 *                          in a column {leaf:9@time}
 *   {leaf?yes|no}          one text or the other: is it there, and true; $ is the value
 */
void lisp_show_line(struct lisp_show *show, const struct lisp_kind *kind, const void *object,
		    const char *format);
/* The same for each object of a kind. */
void lisp_show_lines(struct lisp_show *show, const struct lisp_kind *kind, const void *parent,
		     const char *format);

/* "default", "vrf red", or "none": where the EIDs of an instance are. */
#define LISP_EID_TABLE_STRLEN (VRF_NAMSIZ + 5)
const char *lisp_eid_table_name(uint32_t iid, char *buf, size_t size);
/* "IPv4", "IPv6" */
const char *lisp_family_title(enum lisp_family family);

/* What of a table of mappings. */
struct lisp_pick {
	const struct lisp_eid *eid; /* the entry that is or covers it; NULL: all */
	bool longer;		    /* not that one but those that are in eid, eid itself too */
	const char *what;	    /* "negative", "static": only these entries; NULL: all */
	bool summary;		    /* a line of each EID table */
};
/* A section of entries with an EID: only those in pick->eid. */
bool lisp_show_longer(const struct lisp_show *show, const struct lisp_kind *kind,
		      const void *object);

int lisp_show_map_cache(struct vty *vty, const struct lisp_scope *scope,
			const struct lisp_pick *pick, bool detail, bool json);
int lisp_show_pending(struct vty *vty, const struct lisp_scope *scope, bool json);
int lisp_show_database(struct vty *vty, const struct lisp_scope *scope,
		       const struct lisp_pick *pick, bool json);
/* what: a site's name, an EID or EID-prefix, or NULL for all; longer: those in that EID-prefix. */
int lisp_show_site(struct vty *vty, const struct lisp_scope *scope, const char *what, bool longer,
		   bool detail, bool json);
int lisp_show_site_summary(struct vty *vty, bool json);
int lisp_show_service(struct vty *vty, const struct lisp_scope *scope, bool summary, bool json);
int lisp_show_statistics(struct vty *vty, const struct lisp_scope *scope, bool json);
int lisp_show_errors(struct vty *vty, bool json);
int lisp_show_session(struct vty *vty, const struct lisp_scope *scope, bool json);
int lisp_show_alt(struct vty *vty, const struct lisp_scope *scope, bool json);
int lisp_show_dataplane(struct vty *vty, bool json);
int lisp_show_rloc(struct vty *vty, bool json);
int lisp_show_smr(struct vty *vty, bool json);

/*
 * lisp_show_lig.c: asks for an EID, or for the first address of a host's name; to and source
 * unset as the ITR would, up to count (1..5) times. The vty is suspended until the answer is
 * written. Without an answer vtysh's exit status is not 0.
 */
struct lisp_lig_command {
	struct lisp_eid eid; /* with a name: its instance-id alone */
	const char *name;    /* or NULL */
	struct ipaddr to, source;
	unsigned int count;
	bool json;
};
int lisp_show_lig(struct vty *vty, const struct lisp_lig_command *command);
void lisp_show_lig_finish(void);

/*
 * lisp_show_forwarding.c: what becomes of a packet. The vty is suspended until the dataplane
 * has answered; vtysh's exit status is not 0 if it does not.
 */
struct lisp_dplane_packet;
int lisp_show_forwarding(struct vty *vty, const struct lisp_dplane_packet *packet, bool json);
void lisp_show_forwarding_init(void);
void lisp_show_forwarding_finish(void);

#endif /* _LISP_SHOW_H */
