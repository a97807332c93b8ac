package vastsim

import "strings"

// A route is one endpoint.
type route struct {
	method  string
	name    string   // path without version, as the documentation spells it
	version string   // v0 or v1
	parts   []string // path segments; {id} matches anything
	gate    gate
	pace    pace
	needs   string // permission group of a key
	quiet   bool   // reads through another method than GET, not for the audit log
	do      func(*World, *request) answer
	bad     answer // answer to a body that is not a JSON object
}

// badBody refuses a body that cannot be read.
func (r *route) badBody() answer {
	if r.bad.status != 0 {
		return r.bad
	}
	return fail(400, "invalid_request", "Invalid json body")
}

// routeTable lists every endpoint with its key rule and its documented pace.
func routeTable() []route {
	search := pace{perMinute: 10, style: limitText}
	control := every(1).as(limitDetail)
	rent := every(4.5)
	rent.penalty = every(12).interval
	table := []route{
		{method: "POST", name: "/bundles", gate: open, pace: search, quiet: true, do: (*World).answerSearch},
		{method: "GET", name: "/bundles", gate: open, pace: search, do: (*World).answerSearch},
		{method: "PUT", name: "/search/asks", gate: open, pace: search, quiet: true, do: (*World).answerSearch},
		{method: "PUT", name: "/asks/{id}", pace: rent, do: (*World).create},
		{method: "POST", name: "/asks/bulk", pace: rent, do: (*World).createMany},
		{method: "PUT", name: "/launch_instance", pace: every(5), do: (*World).launchInstance},

		{method: "GET", name: "/instances", version: "v1", pace: every(1), do: (*World).listInstances},
		{method: "GET", name: "/instances", pace: every(1), do: (*World).oldList},
		{method: "PUT", name: "/instances", pace: control, do: (*World).manageMany},
		{method: "DELETE", name: "/instances", pace: every(3).as(limitCode), do: (*World).destroyMany},
		{method: "GET", name: "/instances/filters", pace: every(1), do: (*World).instanceFilters},
		{method: "GET", name: "/instances/pending-price-increases", pace: every(1), do: (*World).priceIncreases},
		{method: "PUT", name: "/instances/accept-price-increase", pace: control, do: answerIncrease(true)},
		{method: "PUT", name: "/instances/reject-price-increase", pace: control, do: answerIncrease(false)},
		{method: "GET", name: "/instances/{id}", pace: every(2), do: (*World).showInstance},
		{method: "PUT", name: "/instances/{id}", pace: control, do: (*World).manage},
		{method: "DELETE", name: "/instances/{id}", pace: every(3).as(limitCode), do: (*World).destroy},
		{method: "PUT", name: "/instances/reboot/{id}", pace: control, do: restart((*World).reboot)},
		{method: "PUT", name: "/instances/recycle/{id}", pace: control, do: restart((*World).recycle)},
		{method: "PUT", name: "/instances/bid_price/{id}", pace: every(5.5), do: (*World).changeBid},
		{method: "PUT", name: "/instances/prepay/{id}", pace: every(2), do: (*World).prepay},
		{method: "GET", name: "/instances/balance/{id}", pace: every(3), do: (*World).showDeposit},
		{method: "PUT", name: "/instances/update_template/{id}", pace: control, do: (*World).updateTemplate},
		{method: "PUT", name: "/instances/request_logs/{id}", quiet: true, do: (*World).requestLogs},
		{method: "PUT", name: "/instances/command/{id}", pace: every(1.5), do: (*World).execute,
			bad: fail(483, "invalid_args", "Invalid json_body")},
		{method: "GET", name: "/instances/{id}/ssh", do: (*World).instanceKeys},
		{method: "POST", name: "/instances/{id}/ssh", pace: every(1).as(limitText), do: (*World).attachKey},
		{method: "DELETE", name: "/instances/{id}/ssh/{key}", pace: every(2).as(limitText), do: (*World).detachKey},

		{method: "PUT", name: "/commands/copy_direct", pace: every(3.5).as(limitText), do: (*World).copyDirect},
		{method: "DELETE", name: "/commands/copy_direct", pace: every(3.5).as(limitText), do: (*World).cancelCopy},
		{method: "PUT", name: "/commands/rsync", pace: every(3.5).as(limitText), do: (*World).copyDirect},

		{method: "POST", name: "/volumes/search", gate: detail, pace: every(5.5), quiet: true, do: (*World).searchVolumes},
		{method: "GET", name: "/volumes", gate: detail, pace: every(5.5), do: (*World).listVolumes},
		{method: "PUT", name: "/volumes", gate: detail, pace: every(5.5), do: (*World).rentVolume},
		{method: "DELETE", name: "/volumes", gate: detail, pace: every(5.5), do: (*World).deleteVolume},
		{method: "POST", name: "/volumes/copy", gate: detail, pace: every(5.5), do: (*World).cloneVolume},
		{method: "POST", name: "/network_volumes/search", gate: detail, pace: every(5.5), quiet: true, do: (*World).searchNetworkVolumes},
		{method: "PUT", name: "/network_volumes", gate: detail, pace: every(5.5), do: (*World).rentNetworkVolume},

		{method: "GET", name: "/ssh", do: (*World).listKeys},
		{method: "POST", name: "/ssh", pace: every(1), do: (*World).createKey},
		{method: "PUT", name: "/ssh/{id}", pace: every(1), do: (*World).updateKey},
		{method: "DELETE", name: "/ssh/{id}", do: (*World).deleteKey},

		{method: "GET", name: "/users/current", do: (*World).showUser},
		{method: "GET", name: "/users/me/ipaddrs", pace: every(2.9), do: (*World).showAddresses},
		{method: "GET", name: "/users/cloud_integrations", pace: every(2.9), do: (*World).showConnections},
		{method: "GET", name: "/charges", gate: money, pace: every(1), do: (*World).showCharges},
		{method: "GET", name: "/invoices", version: "v1", gate: money, pace: every(3), do: (*World).showInvoices},
		{method: "GET", name: "/audit_logs", pace: every(2), do: (*World).showAudit},
		{method: "GET", name: "/tfa/status", do: (*World).showTwoFactor},

		{method: "GET", name: "/template", pace: every(3), do: (*World).listTemplates},
		{method: "POST", name: "/template", pace: every(3), do: (*World).createTemplate},
		{method: "PUT", name: "/template", pace: every(3), do: (*World).editTemplate},
		{method: "DELETE", name: "/template", pace: every(3), do: (*World).deleteTemplate},
		{method: "GET", name: "/secrets", pace: every(5), do: (*World).listSecrets},
		{method: "POST", name: "/secrets", pace: every(3), do: (*World).createSecret},
		{method: "PUT", name: "/secrets", pace: every(3), do: (*World).updateSecret},
		{method: "DELETE", name: "/secrets", pace: every(3), do: (*World).deleteSecret},
		{method: "GET", name: "/auth/apikeys", pace: every(1), do: (*World).listAPIKeys},
		{method: "POST", name: "/auth/apikeys", pace: every(2), do: (*World).createAPIKey},
		{method: "GET", name: "/auth/apikeys/{id}", pace: every(1), do: (*World).showAPIKey},
		{method: "DELETE", name: "/auth/apikeys/{id}", pace: every(2), do: (*World).deleteAPIKey},

		{method: "GET", name: "/gpu_names/unique", gate: public, do: (*World).gpuNames},
		{method: "GET", name: "/gpu_types", gate: public, do: (*World).gpuTypes},
		{method: "GET", name: "/metrics/gpu/current", pace: every(3).as(limitText), do: (*World).gpuMetrics},
		{method: "GET", name: "/metrics/gpu/history", pace: every(3).as(limitText), do: (*World).gpuHistory},
		{method: "GET", name: "/metrics/gpu/locations", pace: every(3).as(limitText), do: (*World).gpuLocations},
		{method: "GET", name: "/machines/{id}/reports", pace: every(1.2), do: (*World).machineReports},
		{method: "GET", name: "/benchmarks", pace: every(3), do: (*World).benchmarks},
	}
	for i := range table {
		if table[i].version == "" {
			table[i].version = "v0"
		}
		table[i].needs = needs(table[i].method, table[i].name)
		table[i].parts = strings.Split("api/"+table[i].version+table[i].name, "/")
	}
	return table
}

// match finds the route of a path with or without a slash at the end. Fixed
// words beat parameters because they stand first in the table. otherMethod says
// that the path exists for another method.
func (w *World) match(method, path string) (found *route, ids []string, otherMethod bool) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for i := range w.routes {
		r := &w.routes[i]
		ids, fits := fit(r.parts, parts)
		if !fits {
			continue
		}
		if r.method == method {
			return r, ids, false
		}
		otherMethod = true
	}
	return nil, nil, otherMethod
}

func fit(pattern, parts []string) (ids []string, fits bool) {
	if len(pattern) != len(parts) {
		return nil, false
	}
	for i, p := range pattern {
		switch {
		case strings.HasPrefix(p, "{"):
			ids = append(ids, parts[i])
		case p != parts[i]:
			return nil, false
		}
	}
	return ids, true
}
