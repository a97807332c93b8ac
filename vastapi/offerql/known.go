package offerql

import (
	"iter"
	"maps"
	"slices"
	"strconv"

	"vastdeck/vastapi"
)

// Known are the values of the offers at hand: canonical name of a field → value
// → how many offers have it. It is not changed once it is made.
type Known map[string]map[string]int

// KnownOf counts the values of some offers as KnownIn does.
func KnownOf(offers []vastapi.Offer) Known {
	return KnownIn(func(yield func(*vastapi.Offer) bool) {
		for i := range offers {
			if !yield(&offers[i]) {
				return
			}
		}
	})
}

// KnownIn counts the values of all fields that are GPU names, places or texts,
// and the ids of hosts and machines. It goes over the offers once and is meant to
// run beside the screen: 50,000 offers take some 10 ms.
func KnownIn(offers iter.Seq[*vastapi.Offer]) Known {
	tallies := newTallies()
	hosts, machines := map[vastapi.HostID]int{}, map[vastapi.MachineID]int{}
	for o := range offers {
		for i := range tallies {
			tallies[i].add(o)
		}
		if o.HostID > 0 {
			hosts[o.HostID]++
		}
		if o.MachineID > 0 {
			machines[o.MachineID]++
		}
	}
	k := Known{"host_id": printed(hosts), "machine_id": printed(machines)}
	for i := range tallies {
		tallies[i].flush()
		k[tallies[i].field.Name] = tallies[i].counts
	}
	return k
}

// WithNames is k with the names of GPUs, which may have no offer at the moment.
func (k Known) WithNames(gpus []string) Known {
	out := maps.Clone(k)
	if out == nil {
		out = Known{}
	}
	counts := maps.Clone(out[gpuField.Name])
	if counts == nil {
		counts = map[string]int{}
	}
	for _, name := range gpus {
		if name != "" {
			counts[name] += 0
		}
	}
	out[gpuField.Name] = counts
	return out
}

// tally counts the texts of one field. Offers of a host follow each other and
// say the same, so that runs are counted before the map is asked.
type tally struct {
	field  *Field
	counts map[string]int
	last   string
	run    int
}

func newTallies() []tally {
	var out []tally
	for _, f := range fields {
		if f.text != nil {
			out = append(out, tally{field: f, counts: map[string]int{}})
		}
	}
	return out
}

func (t *tally) add(o *vastapi.Offer) {
	s := t.field.text(o)
	if s == t.last {
		t.run++
		return
	}
	t.flush()
	t.last, t.run = s, 1
}

func (t *tally) flush() {
	if t.last != "" && t.run > 0 {
		t.counts[t.last] += t.run
	}
	t.run = 0
}

func printed[T ~int64](ids map[T]int) map[string]int {
	out := make(map[string]int, len(ids))
	for id, n := range ids {
		out[strconv.FormatInt(int64(id), 10)] = n
	}
	return out
}

// of are the values of a field at hand, sorted.
func (k Known) of(f *Field) []string { return slices.Sorted(maps.Keys(k[f.Name])) }
