package costs

import (
	"fmt"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/status"
	"vastdeck/tui/theme"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// row is something that is billed, or a group of such things.
type row struct {
	key   string // "i123", "v45", "gtrain"
	kind  string // "ai", "bid", "storage"; "several" for a group of several kinds
	id    int64  // 0 for a group
	name  string // without the token of the rental; "" = none
	group string // the name of its group, "" = it is in none
	what  string // the GPUs, or the size
	word  string // how it stands
	class theme.Class

	now, running, stopped vastapi.Rate
	sofar                 pricing.Accrued
	since                 time.Time // when it was made, zero = not told
	leaks                 bool
	charged               pricing.Spending // in the days that were read
	window                pricing.Accrued  // the estimate for those days
	hasCharges            bool             // some of those days name it

	instance *vastapi.Instance // nil for a volume or a group
	volume   *vastapi.Volume   // nil for an instance or a group
	members  []*row            // of a group, else nil
	rates    []feed.RateAt     // what readings have shown it to be billed
	at       time.Time         // when its figures were so
	month    *float64          // how many hours a month has, as the view shows it; nil = 720
}

// each are the rows that are billed behind one that is shown.
func (r *row) each() []*row {
	if r.members != nil {
		return r.members
	}
	return []*row{r}
}

// title names a row where there is no column for it.
func (r *row) title() string {
	switch {
	case r.members != nil:
		return fmt.Sprintf("Group of %d", len(r.members))
	case r.volume != nil:
		return "Volume " + r.volume.ID.String()
	}
	return "Instance " + r.instance.ID.String()
}

// world is what rows are made of. Nothing in it changes in place, so that rows can be
// made away from Update.
type world struct {
	instances []vastapi.Instance
	volumes   []vastapi.Volume
	traces    map[vastapi.InstanceID]feed.Trace
	charges   feed.Charges
	at        time.Time // of the instances
	volumesAt time.Time
	now       time.Time
}

// rowsOf makes a row of each thing that is billed.
func rowsOf(w world, charged map[string]pricing.Spending) []*row {
	resources := pricing.Resources(w.instances, w.volumes)
	rows := make([]*row, len(resources))
	from, to := covered(w.charges)
	for n, res := range resources {
		r := &row{kind: string(res.Kind), now: res.Now, running: res.Running, stopped: res.Running, leaks: res.Leaks}
		if n < len(w.instances) {
			r.ofInstance(&w.instances[n], w, from, to)
		} else {
			r.ofVolume(&w.volumes[n-len(w.instances)], w, from, to)
		}
		r.charged = charged[r.key]
		_, r.hasCharges = charged[r.key]
		rows[n] = r
	}
	return rows
}

func (r *row) ofInstance(i *vastapi.Instance, w world, from, to time.Time) {
	trace := w.traces[i.ID]
	state := trace.Watched.State(i)
	r.key, r.id, r.instance, r.at = "i"+i.ID.String(), int64(i.ID), i, w.at
	if !trace.ReadAt.IsZero() {
		r.at = trace.ReadAt
	}
	r.name, _ = rental.SplitLabel(i.Label.String())
	r.group = rental.GroupName(i)
	r.what = fmt.Sprintf("%d× %s", i.NumGPUs, i.GPUName)
	r.word, r.class = state.Word, status.Class(state.Class)
	r.stopped, r.since = pricing.Stopped(i), i.Start
	r.rates, r.sofar = trace.Rates, pricing.Accrue(feed.Stretches(i, trace, time.Time{}, w.now))
	if !from.IsZero() {
		r.window = pricing.Accrue(feed.Stretches(i, trace, from, to))
	}
}

func (r *row) ofVolume(v *vastapi.Volume, w world, from, to time.Time) {
	r.key, r.id, r.volume, r.at = "v"+v.ID.String(), int64(v.ID), v, w.volumesAt
	r.name, r.what, r.since = v.Name.String(), gigabytes(v.Size), v.Start
	if v.Network() {
		r.what += ", network"
	}
	r.word, r.class = "in use", theme.Good
	if r.leaks {
		r.word, r.class = "unused", theme.Warn
	}
	r.sofar = pricing.Accrue(volumeStretches(v, time.Time{}, w.now))
	if !from.IsZero() {
		r.window = pricing.Accrue(volumeStretches(v, from, to))
	}
}

// volumeStretches is the whole life of a volume at its rate: it costs the same used
// or not.
func volumeStretches(v *vastapi.Volume, from, now time.Time) []pricing.Stretch {
	begin := v.Start
	if begin.IsZero() {
		if from.IsZero() {
			return []pricing.Stretch{{Rate: vastapi.Unknown[vastapi.Rate](), For: time.Nanosecond}}
		}
		begin = from
	}
	if from.After(begin) {
		begin = from
	}
	return []pricing.Stretch{{Rate: v.Hourly, For: now.Sub(begin)}}
}

// fold gives one row for each group of names in place of its members that keep admits.
func fold(rows []*row, keep func(*row) bool) []*row {
	byName := map[string]*row{}
	var out []*row
	for _, m := range rows {
		switch {
		case keep != nil && !keep(m):
		case m.group == "":
			out = append(out, m)
		default:
			g := byName[m.group]
			if g == nil {
				g = &row{key: "g" + m.group}
				byName[m.group] = g
				out = append(out, g)
			}
			g.members = append(g.members, m)
		}
	}
	for n, g := range out {
		switch {
		case len(g.members) == 1:
			out[n] = g.members[0]
		case g.members != nil:
			g.sum()
		}
	}
	return out
}

// sum makes a group's figures the sums of its members'.
func (r *row) sum() {
	first := r.members[0]
	r.kind, r.name, r.what, r.at, r.since = first.kind, first.group, first.what, first.at, first.since
	r.month = first.month
	running := 0
	for _, m := range r.members {
		r.now, r.running, r.stopped = r.now+m.now, r.running+m.running, r.stopped+m.stopped
		r.sofar, r.window, r.charged = r.sofar.And(m.sofar), r.window.And(m.window), r.charged.And(m.charged)
		r.leaks, r.hasCharges = r.leaks || m.leaks, r.hasCharges || m.hasCharges
		if m.at.Before(r.at) {
			r.at = m.at
		}
		if m.since.Before(r.since) {
			r.since = m.since
		}
		if m.class == theme.Good {
			running++
		}
		if m.kind != r.kind {
			r.kind = "several"
		}
		if m.what != r.what {
			r.what = "several"
		}
	}
	r.word, r.class = fmt.Sprintf("%d of %d run", running, len(r.members)), theme.Good
	if r.leaks {
		r.class = theme.Warn
	}
}

// chargedTo sums up the charges of each thing over the days that were read without a
// gap: the time of covered, for which there is an estimate too.
func chargedTo(c feed.Charges) map[string]pricing.Spending {
	out := map[string]pricing.Spending{}
	from, _ := covered(c)
	for _, d := range c.Days {
		if d.Day.Before(from) {
			break
		}
		for _, one := range d.List {
			if key := keyOf(one); key != "" {
				out[key] = out[key].And(one.Spending)
			}
		}
	}
	return out
}

func keyOf(c feed.Charged) string {
	switch {
	case c.Instance != 0:
		return "i" + c.Instance.String()
	case c.Volume != 0:
		return "v" + c.Volume.String()
	}
	return ""
}

// covered is the time of which charges were read without a gap, up to the newest day;
// both are zero when none was read.
func covered(c feed.Charges) (from, to time.Time) {
	if len(c.Days) == 0 {
		return time.Time{}, time.Time{}
	}
	newest := c.Days[0]
	to = newest.Day.Add(24 * time.Hour)
	if newest.At.Before(to) {
		to = newest.At.UTC() // it is shown beside days of UTC
	}
	from = newest.Day
	for _, d := range c.Days[1:] {
		if !d.Day.Equal(from.AddDate(0, 0, -1)) {
			break
		}
		from = d.Day
	}
	return from, to
}

// totals are the sums of what is listed. What is not known is left out and counted.
type totals struct {
	rows, unknown            int
	now, running, leak       vastapi.Rate
	sofar                    pricing.Accrued
	leaks                    int
	unknownSoFar             int
	unknownRunning           int
	instances, bids, volumes int
}

func totalsOf(rows []*row) totals {
	var t totals
	for _, shown := range rows {
		for _, r := range shown.each() {
			t.add(r)
		}
	}
	return t
}

func (t *totals) add(r *row) {
	t.rows++
	switch r.kind {
	case "storage":
		t.volumes++
	case "bid":
		t.bids++
	default:
		t.instances++
	}
	if !vastapi.Known(r.now) {
		t.unknown++
	} else {
		t.now += r.now
		if r.leaks {
			t.leak, t.leaks = t.leak+r.now, t.leaks+1
		}
	}
	if vastapi.Known(r.running) {
		t.running += r.running
	} else {
		t.unknownRunning++
	}
	if vastapi.Known(r.sofar.Total) {
		t.sofar = t.sofar.And(r.sofar)
	} else {
		t.unknownSoFar++
	}
}
