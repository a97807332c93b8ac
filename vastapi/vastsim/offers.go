package vastsim

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// controlKeys stand beside the filters in the flat body of a search.
var controlKeys = map[string]bool{
	"order": true, "type": true, "limit": true, "allocated_storage": true, "disable_bundling": true,
	"target_reliability": true, "extra_ids": true, "gpu_option": true, "show_incompatible": true,
	"sort_option": true, "template_id": true, "resource_type": true,
}

// A search is a compiled request for offers.
type search struct {
	early   []func(*sight) bool // conditions that can be decided without the row
	tests   []test              // the others
	order   []ordering
	limit   int
	storage float64 // GB
	pricing string  // ask, bid or reserved
}

// compileSearch reads the flat body of a search.
func (w *World) compileSearch(b body) (search, error) {
	s := search{limit: 64, storage: 8, pricing: "ask"}
	if v, ok := b["allocated_storage"]; ok && v != nil {
		if _, isFilter := v.(map[string]any); !isFilter {
			c, err := coerce(v, number)
			if err != nil {
				return s, err
			}
			s.storage = c.num
		}
	}
	storage := s.storage
	s.early = append(s.early, func(x *sight) bool { return x.space() >= storage })
	if v, ok := b["target_reliability"].(float64); ok {
		c, err := coerce(v, number)
		if err != nil {
			return s, err
		}
		s.early = append(s.early, func(x *sight) bool { return x.m.reliability >= c.num })
	}
	if v, ok := b["limit"]; ok && v != nil {
		c, err := coerce(v, number)
		if err != nil {
			return s, err
		}
		s.limit = max(0, int(c.num))
	}
	s.limit = min(s.limit, w.cfg.maxLimit)
	var err error
	if s.pricing, err = pricingOf(b["type"]); err != nil {
		return s, err
	}
	if s.order, err = orderOf(b["order"], offerColumns(), offerAliases); err != nil {
		return s, err
	}
	for _, name := range slices.Sorted(keysOf(b)) {
		if _, isFilter := b[name].(map[string]any); controlKeys[name] && !isFilter {
			continue
		}
		if err := s.add(name, b[name]); err != nil {
			return s, err
		}
	}
	return s, nil
}

// add compiles the filter of one column.
func (s *search) add(name string, ops any) error {
	if seenAtOnce(name) {
		t, err := offerTest(name, ops, reader[*sight](func(column string) func(*sight) cell { return glances[column] }))
		s.early = append(s.early, t)
		return err
	}
	t, err := offerTest(name, ops, readerOf(offerColumns()))
	s.tests = append(s.tests, t)
	return err
}

func pricingOf(v any) (string, error) {
	switch v {
	case nil, "on-demand", "ondemand", "ask":
		return "ask", nil
	case "bid", "interruptible":
		return "bid", nil
	case "reserved":
		return "reserved", nil
	}
	return "", fmt.Errorf("%v is not a valid offer type", v)
}

// orderOf reads [[column, direction], …].
func orderOf(v any, cols columns, aliases map[string]string) ([]ordering, error) {
	if v == nil {
		return nil, nil
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("order must be a list")
	}
	var out []ordering
	for _, x := range list {
		pair, ok := x.([]any)
		if !ok || len(pair) == 0 {
			return nil, fmt.Errorf("%v is not a valid order", x)
		}
		name, _ := pair[0].(string)
		if a, ok := aliases[name]; ok {
			name = a
		}
		c, ok := cols[name]
		if !ok {
			return nil, fmt.Errorf("%s is not a valid search key", name)
		}
		desc := false
		if len(pair) > 1 {
			s, _ := pair[1].(string)
			desc = strings.EqualFold(s, "desc")
		}
		out = append(out, ordering{name, c, desc})
	}
	return out, nil
}

// searchOffers runs a compiled search against the market of this moment. Rows
// are dear to make: only those that are given away are, if it can be helped.
func (w *World) searchOffers(s search) []*offerRow {
	if len(s.tests) == 0 && s.sortsAtOnce() {
		return w.bestOffers(s)
	}
	rows := []*offerRow{}
	w.eachOffer(&s, func(x *sight) {
		row := w.offerRow(x.offer, s, x.rented)
		v := reflect.ValueOf(row).Elem()
		if !slices.ContainsFunc(s.tests, func(t test) bool { return !t(v) }) {
			rows = append(rows, row)
		}
	})
	sortRows(rows, s.order)
	if len(rows) > s.limit {
		rows = rows[:s.limit]
	}
	for i := range rows {
		rows[i].Rank = 1
	}
	return rows
}

// eachOffer gives the offers that pass the early conditions, in the order of
// their machines. What it gives is valid until the next one.
func (w *World) eachOffer(s *search, give func(*sight)) {
	rented := map[*machine]bool{}
	for _, in := range w.order {
		rented[in.m] = rented[in.m] || in.holds
	}
	var listed []offer
	x := sight{w: w, s: s}
	for _, m := range w.machines {
		listed = w.appendListing(listed[:0], m, w.clock)
		x.rented = rented[m]
		for _, x.offer = range listed {
			if s.pricing == "bid" && x.minBid == 0 {
				continue // the host takes no bids
			}
			if !slices.ContainsFunc(s.early, func(t func(*sight) bool) bool { return !t(&x) }) {
				give(&x)
			}
		}
	}
}

// answerSearch handles all three spellings of the offer search.
func (w *World) answerSearch(q *request) answer {
	b := q.body
	if q.method == "GET" {
		b = body{}
		if raw := q.arg("q"); raw != "" {
			if err := json.Unmarshal([]byte(raw), &b); err != nil {
				return fail(400, "invalid_request", "Invalid json body")
			}
		}
	} else if inner, ok := b["q"].(map[string]any); ok && q.route.name == "/search/asks" {
		b = inner
	}
	if q.lies {
		b = body{"limit": b["limit"], "type": b["type"], "order": b["order"]}
	}
	s, err := w.compileSearch(b)
	if err != nil {
		// Search errors have no success flag.
		return reply(400, map[string]any{"error": "invalid_request", "msg": err.Error()})
	}
	return replyOffers(w.searchOffers(s))
}

// rowSize is more than the bytes of nearly any row.
const rowSize = 2600

// replyOffers makes the answer with the rows of a search. They are written one by one
// into room for all: an answer with ten thousand of them has 25 MB, which is much to
// move again and again while it grows.
func replyOffers(rows []*offerRow) answer {
	out := append(make([]byte, 0, (len(rows)+1)*rowSize), `{"offers":[`...)
	for n, row := range rows {
		data, err := json.Marshal(row)
		if err != nil {
			return fail(500, "server_error", "answer could not be encoded: "+err.Error())
		}
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, data...)
	}
	return answer{status: 200, kind: "application/json", body: append(out, "]}"...)}
}
