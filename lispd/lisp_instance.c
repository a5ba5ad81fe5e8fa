// SPDX-License-Identifier: GPL-2.0-or-later
/* Instances and their services; which roles there are at all. */
#include <zebra.h>

#include <string.h>

#include "jhash.h"
#include "memory.h"

#include "lispd/lisp_instance.h"
#include "lispd/lisp_limits.h"
#include "lispd/lisp_memory.h"

DEFINE_MTYPE_STATIC(LISPD, LISP_INSTANCE, "LISP instance");

static int instance_cmp(const struct lisp_instance *a, const struct lisp_instance *b)
{
	return numcmp(a->iid, b->iid);
}

DECLARE_RBTREE_UNIQ(lisp_instances, struct lisp_instance, item, instance_cmp);

static struct lisp_instances_head instances;
static struct lisp_instance *instance_0;
static struct {
	bool itr, etr, ms, mr;
} roles;
static uint32_t no_answers, no_answers_seen; /* a hash of what all services have */

int lisp_family_af(enum lisp_family family)
{
	return family == LISP_IPV4 ? AF_INET : AF_INET6;
}

enum lisp_family lisp_af_family(int af)
{
	return af == AF_INET ? LISP_IPV4 : LISP_IPV6;
}

const char *lisp_family_name(enum lisp_family family)
{
	return family == LISP_IPV4 ? "ipv4" : "ipv6";
}

void lisp_instance_reset(struct lisp_instance *instance)
{
	strlcpy(instance->eid_vrf, instance->iid ? "" : VRF_DEFAULT_NAME, sizeof(instance->eid_vrf));
	for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
		instance->service[family] = (struct lisp_service){
			.iid = instance->iid,
			.family = family,
			.peers = instance->iid,
		};
}

struct lisp_instance *lisp_instance_find(uint32_t iid)
{
	struct lisp_instance key = { .iid = iid };

	return lisp_instances_find(&instances, &key);
}

struct lisp_instance *lisp_instance_get(uint32_t iid)
{
	struct lisp_instance *instance = lisp_instance_find(iid);

	if (instance)
		return instance;

	instance = XCALLOC(MTYPE_LISP_INSTANCE, sizeof(*instance));
	instance->iid = iid;
	lisp_instance_reset(instance);
	lisp_instances_add(&instances, instance);
	return instance;
}

void lisp_instance_free(struct lisp_instance **instance)
{
	if (*instance == instance_0)
		return;
	lisp_instances_del(&instances, *instance);
	XFREE(MTYPE_LISP_INSTANCE, *instance);
}

struct lisp_instance *lisp_instance_next(struct lisp_instance *instance)
{
	return instance ? lisp_instances_next(&instances, instance)
			: lisp_instances_first(&instances);
}

const struct lisp_service *lisp_service_get(uint32_t iid, enum lisp_family family)
{
	const struct lisp_instance *instance = iid ? lisp_instance_find(iid) : NULL;

	return instance ? &instance->service[family] : &instance_0->service[family];
}

const struct lisp_service *lisp_service_of(const struct lisp_eid *eid)
{
	const struct lisp_service *ipv4, *ipv6;

	if (!lisp_eid_is_ip(eid)) {
		ipv4 = lisp_service_get(eid->iid, LISP_IPV4);
		ipv6 = lisp_service_get(eid->iid, LISP_IPV6);
		return ipv4->map_server || !(ipv6->map_server || ipv6->map_resolver) ? ipv4 : ipv6;
	}
	return lisp_service_get(eid->iid, lisp_af_family(eid->prefix.family));
}

const char *lisp_instance_alt_vrf(const struct lisp_instance *instance)
{
	const char *ipv4 = instance->service[LISP_IPV4].alt_vrf;

	return ipv4[0] ? ipv4 : instance->service[LISP_IPV6].alt_vrf;
}

bool lisp_is_itr(void)
{
	return roles.itr;
}

bool lisp_is_etr(void)
{
	return roles.etr;
}

bool lisp_is_ms(void)
{
	return roles.ms;
}

bool lisp_is_mr(void)
{
	return roles.mr;
}

bool lisp_no_answer_changed(void)
{
	bool changed = no_answers != no_answers_seen;

	no_answers_seen = no_answers;
	return changed;
}

const char *lisp_no_answer_name(enum lisp_no_answer no_answer)
{
	return no_answer == LISP_NO_ANSWER_DROP ? "drop" : "natively-forward";
}

/* What a block does not say. */
static void service_complete(struct lisp_service *service)
{
	const struct lisp_service *outside = &instance_0->service[service->family];

	if (service != outside && !service->own_roles) {
		service->itr = outside->itr;
		service->etr = outside->etr;
		service->map_server = outside->map_server;
		service->map_resolver = outside->map_resolver;
		service->mr_map_server = outside->mr_map_server;
		service->peers = 0;
	}
	if (!service->map_cache_limit)
		service->map_cache_limit = service == outside ? LISP_MAP_CACHE_LIMIT_DEFAULT
							      : outside->map_cache_limit;
	if (!service->no_answer)
		service->no_answer = service == outside ? LISP_NO_ANSWER_NATIVELY_FORWARD
							: outside->no_answer;
	if (!service->etr_ttl)
		service->etr_ttl = service == outside ? LISP_RECORD_TTL_DEFAULT : outside->etr_ttl;
}

void lisp_instance_config_changed(bool enabled)
{
	struct lisp_instance *instance;

	/* instance 0 is the first */
	frr_each (lisp_instances, &instances, instance)
		for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++)
			service_complete(&instance->service[family]);

	memset(&roles, 0, sizeof(roles));
	no_answers = 0;
	if (!enabled)
		return;
	frr_each (lisp_instances, &instances, instance)
		for (enum lisp_family family = 0; family < LISP_FAMILY_MAX; family++) {
			const struct lisp_service *service = &instance->service[family];

			no_answers = jhash_3words(service->iid, family, service->no_answer,
						  no_answers);
			roles.itr |= service->itr;
			roles.etr |= service->etr;
			roles.ms |= service->map_server;
			roles.mr |= service->map_resolver;
		}
}

void lisp_instance_init(void)
{
	lisp_instances_init(&instances);
	instance_0 = lisp_instance_get(0);
}

void lisp_instance_finish(void)
{
	struct lisp_instance *instance;

	while ((instance = lisp_instances_pop(&instances)))
		XFREE(MTYPE_LISP_INSTANCE, instance);
	lisp_instances_fini(&instances);
	instance_0 = NULL;
}
