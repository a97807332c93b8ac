package vastsim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"sync"
)

var instanceColumns = sync.OnceValue(func() columns { return columnsOf(instanceRow{}) })

// contractColumns are the columns of the contract record, the only ones that
// can be filtered and sorted by; everything else is computed when answering.
var contractColumns = []string{
	"id", "actual_status", "intended_status", "cur_state", "next_state", "status_msg", "label", "machine_id",
	"host_id", "bundle_id", "gpu_name", "image_uuid", "image_runtype", "onstart", "template_id",
	"template_hash_id", "template_name", "start_date", "end_date", "is_bid", "verification", "geolocation",
	"country_code", "public_ipaddr", "ssh_host", "ssh_port", "disk_space", "driver_version", "cuda_max_good",
	"hosting_type",
}

// listed are the contracts the list call knows, by id: live ones and those
// destroyed a moment ago.
func (w *World) listed() []*instance {
	w.gone = slices.DeleteFunc(w.gone, func(in *instance) bool { return w.clock >= in.goneAt+lingering })
	if len(w.gone) == 0 {
		return w.order
	}
	all := slices.Concat(w.order, w.gone)
	slices.SortFunc(all, func(a, b *instance) int { return cmp.Compare(a.id, b.id) })
	return all
}

// selection is what a list call is about.
type selection struct {
	rows   []*instanceRow // sorted; only those a page can need when nothing is filtered
	total  int
	counts map[rawText]int
}

// choose filters and sorts. A list by id without filters, which is what everyone
// polls, builds one page of rows however many contracts there are.
func (w *World) choose(q *request, tests []test, order []ordering) selection {
	all := w.listed()
	s := selection{counts: map[rawText]int{}}
	count := func(label *rawText) {
		s.total++
		if label == nil {
			s.counts[""]++
			return
		}
		s.counts[*label]++
	}
	if plain := len(order) == 1 && !order[0].desc; plain && len(tests) == 0 {
		for _, in := range all {
			count(in.label)
		}
		if values, err := readToken(q.arg("after_token")); err == nil {
			if id, isNumber := values["id"].(float64); isNumber {
				i, _ := slices.BinarySearchFunc(all, int64(id)+1, func(in *instance, id int64) int { return cmp.Compare(in.id, id) })
				all = all[i:]
			}
		}
		for _, in := range all[:min(len(all), mostRows+1)] {
			s.rows = append(s.rows, w.instanceRow(in))
		}
		return s
	}
	for _, in := range all {
		row := w.instanceRow(in)
		v := reflect.ValueOf(row).Elem()
		if q.lies || !slices.ContainsFunc(tests, func(t test) bool { return !t(v) }) {
			s.rows = append(s.rows, row)
			count(row.Label)
		}
	}
	sortRows(s.rows, order)
	return s
}

// badQuery is the answer to a filter or an order that makes no sense.
func badQuery(err error) answer {
	return reply(400, map[string]any{"success": false, "error": "invalid_request", "msg": "Error in query parameters: " + err.Error()})
}

// listInstances is GET /api/v1/instances/.
func (w *World) listInstances(q *request) answer {
	tests, err := contractTests(q)
	if err != nil {
		return badQuery(err)
	}
	order, names, err := contractOrder(q.arg("order_by"))
	if err != nil {
		return badQuery(err)
	}
	var columns []string
	if raw := q.arg("select_cols"); raw != "" {
		if json.Unmarshal([]byte(raw), &columns) != nil {
			return badQuery(fmt.Errorf("select_cols must be a list"))
		}
	}
	chosen := w.choose(q, tests, order)
	rows, next, err := page(chosen.rows, q, order, names)
	if err != nil {
		return fail(400, "invalid_token", "Invalid pagination token")
	}
	// Whether a host is connected is found out when answering, after the filter.
	for i := range rows {
		w.showLine(rows[i])
	}
	return ok(map[string]any{
		"instances_found": len(rows), "total_instances": chosen.total, "label_counts": chosen.counts,
		"next_token": next, "instances": project(rows, columns),
	})
}

func contractTests(q *request) ([]test, error) {
	filters := body{}
	if raw := q.arg("select_filters"); raw != "" {
		if err := json.Unmarshal([]byte(raw), &filters); err != nil {
			return nil, fmt.Errorf("select_filters must be an object")
		}
	}
	var tests []test
	for _, name := range slices.Sorted(keysOf(filters)) {
		if !slices.Contains(contractColumns, name) {
			return nil, fmt.Errorf("%s is not a valid search key", name)
		}
		c := instanceColumns()[name]
		t, err := condition(filters[name], c.kind, func(row reflect.Value) cell { return cellAt(row, c) })
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	return tests, nil
}

// contractOrder reads [{"col","dir"}, …] and appends the id as tie-break.
func contractOrder(raw string) ([]ordering, []string, error) {
	var keys []struct{ Col, Dir string }
	if raw != "" {
		if err := json.Unmarshal([]byte(raw), &keys); err != nil {
			return nil, nil, fmt.Errorf("order_by must be a list of objects")
		}
	}
	var out []ordering
	var names []string
	for _, k := range keys {
		if !slices.Contains(contractColumns, k.Col) {
			return nil, nil, fmt.Errorf("%s is not a valid search key", k.Col)
		}
		out = append(out, ordering{k.Col, instanceColumns()[k.Col], k.Dir == "desc"})
		names = append(names, k.Col)
	}
	if !slices.Contains(names, "id") {
		out = append(out, ordering{column: instanceColumns()["id"]})
		names = append(names, "id")
	}
	return out, names, nil
}

// showInstance is GET /instances/{id}/: one object under a plural name, null
// once it is gone.
func (w *World) showInstance(q *request) answer {
	id, valid := q.id()
	if !valid {
		return fail(400, "invalid_args", "error 400/1782: Invalid args: invalid instance id")
	}
	in := w.instances[id]
	if in == nil {
		return reply(200, map[string]any{"instances": nil})
	}
	r := w.instanceRow(in)
	w.showLine(r)
	r.VolumeInfo, r.Country = nil, ""
	return reply(200, map[string]any{"instances": r})
}

// oldList is GET /api/v0/instances/, deprecated: everything at once.
func (w *World) oldList(*request) answer {
	rows := []*instanceRow{}
	for _, in := range w.listed() {
		row := w.instanceRow(in)
		w.showLine(row)
		rows = append(rows, row)
	}
	return reply(200, map[string]any{"instances": rows})
}

// instanceFilters is GET /instances/filters/: the combinations that exist.
func (w *World) instanceFilters(*request) answer {
	type combo struct {
		Actual       *string `json:"actual_status"`
		Verification *string `json:"verification"`
		GPUName      string  `json:"gpu_name"`
	}
	out := []combo{}
	seen := map[string]bool{}
	for _, in := range w.listed() {
		r := w.instanceRow(in)
		key := r.GPUName
		if r.Actual != nil {
			key += "|" + *r.Actual
		}
		if r.Verification != nil {
			key += "|" + *r.Verification
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, combo{r.Actual, r.Verification, r.GPUName})
		}
	}
	return reply(200, map[string]any{"filters": out})
}
