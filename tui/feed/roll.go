package feed

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Roll is what readings of the account's instances have come to. It is a value: With
// returns the next one, and what a copy leads to stays as it was. With thousands of
// instances that takes milliseconds, so it is not done in Update.
type Roll struct {
	Page   vastapi.InstancePage
	Traces map[vastapi.InstanceID]Trace
	Moving []vastapi.InstanceID // on their way to another state, the lowest id first
	begun  bool
	buried map[vastapi.InstanceID]time.Time // when those that are gone were known to be
	alien  int                              // rows that could not be read, of no instance that is known
}

// Reading is an answer about instances.
type Reading struct {
	Page vastapi.InstancePage
	// Of names the instances that were asked for; nil = all of the account.
	Of    []vastapi.InstanceID
	Began time.Time // when it was asked for
	At    time.Time // when the last of it arrived
}

// Around is what is known of instances beside their readings.
type Around struct {
	Orders    map[vastapi.InstanceID]rental.Order
	Increases map[vastapi.InstanceID][]vastapi.PriceIncrease
	Idle      time.Duration // how long an unused GPU is no problem; 0 = 15 minutes
	// Usual is how long machines take to start, as far as is remembered; nil = nothing is.
	Usual func(vastapi.MachineID, vastapi.HostID) time.Duration
}

// IncreasesOf are price increases by the instance that they are about.
func IncreasesOf(p vastapi.PriceIncreases) map[vastapi.InstanceID][]vastapi.PriceIncrease {
	out := make(map[vastapi.InstanceID][]vastapi.PriceIncrease, len(p.List))
	for _, one := range p.List {
		out[one.Instance] = append(out[one.Instance], one)
	}
	return out
}

// RollNews is what a reading has shown that was not so before.
type RollNews struct {
	// First says that this was the first reading of all: what it shows may have
	// been so for long.
	First    bool
	Problems []rental.Problem // those that have come up, or become worse
	Ready    []ReadyInstance
	Gone     []GoneInstance
}

// ReadyInstance is one that was seen to come up.
type ReadyInstance struct {
	ID   vastapi.InstanceID
	Took time.Duration // since it was asked to start, as far as that is known
}

// GoneInstance is one that is not there any more.
type GoneInstance struct {
	ID   vastapi.InstanceID
	Name string       // inert, without the token of its rental
	Last rental.State // as it was seen last
}

// With takes a reading in.
func (r Roll) With(in Reading, around Around) (Roll, RollNews) {
	if in.Began.IsZero() {
		in.Began = in.At
	}
	in.Page.Instances = r.risen(in)
	rows := in.Page.Instances
	var kept keeping
	next := Roll{Page: in.Page, begun: true, alien: r.alien}
	if in.Of != nil {
		rows = r.merged(in)
		next.Page.Bad, next.Page.Total = r.Page.Bad, len(rows)
	} else {
		kept = r.keep(in)
		rows = kept.among(r.newest(in))
		next.alien = max(0, in.Page.Bad-kept.unread)
	}
	next.Traces = make(map[vastapi.InstanceID]Trace, len(rows))
	next.Page.Instances = rows
	news := RollNews{First: !r.begun}
	read := readOf(in)
	for n := range rows {
		i := &rows[n]
		trace, known := r.Traces[i.ID]
		if unread, old := kept.rows[i.ID]; old {
			trace.Unread = unread
		} else if at := read(i.ID, n, len(rows)); !at.Before(trace.ReadAt) {
			trace = trace.seen(i, at, SamplesOf(len(rows)), around, &news, known)
		}
		next.Traces[i.ID] = trace
		if trace.moving() {
			next.Moving = append(next.Moving, i.ID)
		}
	}
	news.Gone = r.gone(next)
	next.buried = r.bury(in, news.Gone)
	return next, news
}

// Judged works the problems out anew, because something around the instances has
// become known.
func (r Roll) Judged(now time.Time, around Around) (Roll, RollNews) {
	next := r
	next.Traces = maps.Clone(r.Traces)
	var news RollNews
	for n := range r.Page.Instances {
		i := &r.Page.Instances[n]
		next.Traces[i.ID] = r.Traces[i.ID].judged(i, now, around, &news)
	}
	return next, news
}

// readOf tells when each row was read: of all instances one page after the other,
// the last one at the end, and of some only those that were asked for.
func readOf(in Reading) func(id vastapi.InstanceID, n, of int) time.Time {
	if in.Of == nil {
		return func(_ vastapi.InstanceID, n, of int) time.Time { return in.readAt(n, of) }
	}
	asked := make(map[vastapi.InstanceID]bool, len(in.Of))
	for _, id := range in.Of {
		asked[id] = true
	}
	return func(id vastapi.InstanceID, _, _ int) time.Time {
		if asked[id] {
			return in.At
		}
		return time.Time{}
	}
}

// atOnce is a reading so short that all of it is of one moment.
const atOnce = 15 * time.Second

// readAt is about when row n of so many was read.
func (in Reading) readAt(n, of int) time.Time {
	took := in.At.Sub(in.Began)
	if in.Began.IsZero() || took < atOnce {
		return in.At
	}
	return in.Began.Add(time.Duration(float64(took) * float64(n+1) / float64(max(1, of))))
}

// newest are the rows of a reading of all, with those in their places that were
// read alone after the walk had passed them.
func (r Roll) newest(in Reading) []vastapi.Instance {
	rows := in.Page.Instances
	var own map[vastapi.InstanceID]int
	for n := range rows {
		if t := r.Traces[rows[n].ID]; !t.ReadAt.After(in.readAt(n, len(rows))) {
			continue
		}
		if own == nil {
			own, rows = r.places(), slices.Clone(rows)
		}
		rows[n] = r.Page.Instances[own[rows[n].ID]]
	}
	return rows
}

// places are the rows by their instance.
func (r Roll) places() map[vastapi.InstanceID]int {
	at := make(map[vastapi.InstanceID]int, len(r.Page.Instances))
	for n := range r.Page.Instances {
		at[r.Page.Instances[n].ID] = n
	}
	return at
}

// merged are the rows of before with those of a reading of some in their places.
// One that was asked for and is not there is gone, unless rows could not be read.
func (r Roll) merged(in Reading) []vastapi.Instance {
	fresh := make(map[vastapi.InstanceID]*vastapi.Instance, len(in.Page.Instances))
	for n := range in.Page.Instances {
		fresh[in.Page.Instances[n].ID] = &in.Page.Instances[n]
	}
	read := readOf(in)
	out := make([]vastapi.Instance, 0, len(r.Page.Instances)+len(fresh))
	for n := range r.Page.Instances {
		i := &r.Page.Instances[n]
		one, there := fresh[i.ID]
		delete(fresh, i.ID)
		asked := !read(i.ID, 0, 0).IsZero()
		switch {
		case there && !r.Traces[i.ID].ReadAt.After(in.At):
			out = append(out, *one)
		case there || !asked || in.Page.Bad > 0 || r.Traces[i.ID].ReadAt.After(in.At):
			out = append(out, *i)
		}
	}
	if len(fresh) > 0 {
		for _, one := range fresh {
			out = append(out, *one)
		}
		slices.SortStableFunc(out, func(a, b vastapi.Instance) int { return cmp.Compare(a.ID, b.ID) })
	}
	return out
}

// gone are the instances that next has no more.
func (r Roll) gone(next Roll) []GoneInstance {
	var out []GoneInstance
	for n := range r.Page.Instances {
		i := &r.Page.Instances[n]
		if _, there := next.Traces[i.ID]; there {
			continue
		}
		name, _ := rental.SplitLabel(i.Label.String())
		out = append(out, GoneInstance{ID: i.ID, Name: name, Last: r.Traces[i.ID].State(i)})
	}
	return out
}

// State is the one status of i to show: with what its readings have told, or else
// what its fields tell alone.
func (t Trace) State(i *vastapi.Instance) rental.State { return t.Watched.State(i) }

// moving reports whether the instance is on its way to another state.
func (t Trace) moving() bool {
	n := len(t.Watched.States)
	return n > 0 && t.Watched.States[n-1].State.Class == rental.ClassMoving
}

// seen takes a reading of the instance in and keeps so many samples.
func (t Trace) seen(i *vastapi.Instance, at time.Time, keep int, around Around, news *RollNews, known bool) Trace {
	if !known && !news.First {
		t.Watched = t.Watched.Appeared()
	}
	was := t.Watched.Startup
	t.ReadAt, t.Unread = at, false
	t.Watched = t.Watched.Ordered(around.Orders[i.ID]).Seen(i, at).Kept(statesOf(keep))
	if i.Actual.String() == "running" && !rental.RunType(i.RunType.String()).SSH() {
		t.Watched.Startup = t.Watched.Startup.Connected(at) // it has no ssh to wait for
	}
	t.Samples = added(t.Samples, SampleOf(i, at), keep)
	t.Rates, t.Holds = rated(t.Rates, RateOf(i, at), statesOf(keep)), held(t.Holds, i, at)
	if s := t.Watched.Startup; known && s.Ready() && !was.Ready() {
		news.Ready = append(news.Ready, ReadyInstance{ID: i.ID, Took: s.LastAt.Sub(s.Began)})
	}
	return t.judged(i, at, around, news)
}

// judged works the problems of the instance out.
func (t Trace) judged(i *vastapi.Instance, now time.Time, around Around, news *RollNews) Trace {
	past := rental.Background{Idle: around.Idle, Increases: around.Increases[i.ID]}
	if around.Usual != nil {
		past.Usual = around.Usual(i.MachineID, i.HostID)
	}
	t.Watched = t.Watched.Ordered(around.Orders[i.ID])
	past.Watched = t.Watched
	was := t.Problems
	t.Problems = rental.Problems(i, now, past)
	for _, p := range t.Problems {
		if worse(was, p) {
			news.Problems = append(news.Problems, p)
		}
	}
	return t
}

// worse reports whether p is news to somebody who knows of the other problems of
// the same instance: none is of its kind, or only a lesser one. Of price increases
// each is one of its own, and an end that has come is more than one that was near.
func worse(known []rental.Problem, p rental.Problem) bool {
	for _, old := range known {
		switch {
		case old.Kind != p.Kind || old.Level < p.Level:
		case p.Kind == rental.ProblemPrice && old.Key() != p.Key():
		case p.Over() && !old.Over():
		default:
			return false
		}
	}
	return true
}

// added are the newest samples with one more. The older slice stays as it is.
func added(list []Sample, s Sample, keep int) []Sample {
	if n := len(list); n > 0 && list[n-1].Unix == s.Unix {
		list = list[:n-1]
	}
	list = list[max(0, len(list)-keep+1):]
	out := make([]Sample, 0, len(list)+1)
	return append(append(out, list...), s)
}
