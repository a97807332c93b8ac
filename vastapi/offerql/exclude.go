package offerql

import (
	"cmp"
	"slices"

	"vastdeck/vastapi"
)

// Excluding is q without the offers of some hosts and machines, in addition to
// those it leaves out already. They go into Filter as "notin", joined with what
// q itself says about those columns, and Match applies them; String, Terms,
// Explain and the chips do not name them, because nobody typed them. Unlike a
// typed comparison Match admits offers that do not tell the column: they are none
// of those that are blocked.
func (q Query) Excluding(hosts []vastapi.HostID, machines []vastapi.MachineID) Query {
	q.hidden = slices.Clone(q.hidden)
	q.hidden = addHidden(q.hidden, "host_id", hosts)
	q.hidden = addHidden(q.hidden, "machine_id", machines)
	return q.with(q.terms)
}

// addHidden adds ids to the hidden term of a field, each once and sorted, so that
// the same blocks in another order are the same query.
func addHidden[T ~int64](hidden []term, field string, ids []T) []term {
	if len(ids) == 0 {
		return hidden
	}
	t := term{field: offerFields[field], op: opNotIn}
	at := slices.IndexFunc(hidden, func(h term) bool { return h.field == t.field })
	if at >= 0 {
		t.vals = slices.Clone(hidden[at].vals)
	}
	for _, id := range ids {
		t.vals = append(t.vals, value{num: float64(id)})
	}
	slices.SortFunc(t.vals, func(a, b value) int { return cmp.Compare(a.num, b.num) })
	t.vals = slices.Compact(t.vals)
	if at >= 0 {
		hidden[at] = t
		return hidden
	}
	return append(hidden, t)
}

// WithoutBlocked is q without what Excluding with these hosts and machines leaves
// out anyway: their ids are taken out of its != and notin, and terms that refuse
// nothing else go.
func (q Query) WithoutBlocked(hosts []vastapi.HostID, machines []vastapi.MachineID) Query {
	ids := map[*Field]map[float64]bool{offerFields["host_id"]: {}, offerFields["machine_id"]: {}}
	for _, id := range hosts {
		ids[offerFields["host_id"]][float64(id)] = true
	}
	for _, id := range machines {
		ids[offerFields["machine_id"]][float64(id)] = true
	}
	var terms []term
	for _, t := range q.terms {
		gone := ids[t.field]
		if len(gone) > 0 && (t.op == opNotIn || t.op == opNe && !t.span) && !t.null() {
			t.vals = slices.DeleteFunc(slices.Clone(t.vals), func(v value) bool { return gone[v.num] })
			if len(t.vals) == 0 {
				continue
			}
		}
		terms = append(terms, t)
	}
	return q.with(terms)
}
