package feed

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// A reading of all instances may take minutes, and shows what each was like when its
// page was read. What is known from later readings is not undone by it.

// risen are the rows of a reading without those that were known to be gone when it
// was begun.
func (r Roll) risen(in Reading) []vastapi.Instance {
	late := func(i vastapi.Instance) bool {
		gone, buried := r.buried[i.ID]
		return buried && !in.Began.After(gone)
	}
	if len(r.buried) == 0 || !slices.ContainsFunc(in.Page.Instances, late) {
		return in.Page.Instances
	}
	return slices.DeleteFunc(slices.Clone(in.Page.Instances), late)
}

// bury remembers what is gone until all has been read anew from the beginning.
func (r Roll) bury(in Reading, gone []GoneInstance) map[vastapi.InstanceID]time.Time {
	next := maps.Clone(r.buried)
	maps.DeleteFunc(next, func(id vastapi.InstanceID, at time.Time) bool {
		return in.Began.After(at) && (in.Of == nil || slices.ContainsFunc(in.Page.Instances, func(i vastapi.Instance) bool { return i.ID == id }))
	})
	at := in.At
	if in.Of == nil {
		at = in.Began // when its page was read is not known
	}
	for _, g := range gone {
		if next == nil {
			next = map[vastapi.InstanceID]time.Time{}
		}
		next[g.ID] = at
	}
	return next
}

// keeping are rows that a reading of all does not show and that are not gone all the
// same; true are those that it could not read.
type keeping struct {
	rows   map[vastapi.InstanceID]bool
	list   []vastapi.Instance
	unread int
}

// keep finds the rows that are not gone although they are missing: those that were
// read by themselves since the reading began, and those whose rows may be the ones that
// could not be read.
func (r Roll) keep(in Reading) keeping {
	var missing []*vastapi.Instance
	there := make(map[vastapi.InstanceID]bool, len(in.Page.Instances))
	for n := range in.Page.Instances {
		there[in.Page.Instances[n].ID] = true
	}
	for n := range r.Page.Instances {
		if i := &r.Page.Instances[n]; !there[i.ID] {
			missing = append(missing, i)
		}
	}
	k := keeping{rows: map[vastapi.InstanceID]bool{}}
	put := func(i *vastapi.Instance, unread bool) {
		k.rows[i.ID] = unread
		k.list = append(k.list, *i)
		if unread {
			k.unread++
		}
	}
	// Rows that never could be read are no reason to keep others for ever.
	room := in.Page.Bad - min(r.alien, in.Page.Bad)
	held := 0
	for _, i := range missing {
		if r.Traces[i.ID].Unread {
			held++
		}
	}
	for _, i := range missing {
		t := r.Traces[i.ID]
		switch {
		case in.At.Sub(in.Began) >= atOnce && t.ReadAt.After(in.Began):
			put(i, t.Unread)
		case t.State(i).Class == rental.ClassTerminal:
		case t.Unread && room > 0, !t.Unread && room > held:
			put(i, true)
		}
	}
	return k
}

// among are rows with the kept ones in their places.
func (k keeping) among(rows []vastapi.Instance) []vastapi.Instance {
	if len(k.list) == 0 {
		return rows
	}
	out := append(slices.Clone(rows), k.list...)
	slices.SortStableFunc(out, func(a, b vastapi.Instance) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
