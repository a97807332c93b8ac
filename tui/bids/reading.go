package bids

import (
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/table"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// Topics of what is worked out away from Update.
const (
	making    command.Topic = "bids/rows"
	arranging command.Topic = "bids/arrange"
)

// atOnce is how many instances and offers together are looked at within a message.
const atOnce = 1000

// listingLasts is how long a price on demand is taken for the one of now.
const listingLasts = 10 * time.Minute

// lookAgain is how long nobody is asked again after a look that failed.
const lookAgain = time.Minute

type arrangement = table.Arrangement[vastapi.InstanceID, *row]

// material is what rows are made from. Nothing it holds changes, so that thousands of
// rows can be made on another goroutine.
type material struct {
	list     []vastapi.Instance
	now      time.Time
	traces   map[vastapi.InstanceID]feed.Trace
	market   feed.Feed[feed.Market]
	listings map[vastapi.MachineID]feed.Feed[feed.Listing]
	left     map[vastapi.InstanceID]bool
	trends   map[feed.Slot][]float64 // what is remembered of prices to hold
}

// reading is what a look at all bids comes to.
type reading struct {
	rows []*row
	sum  string // of them all, for the line below the list
}

// judge works out anew how the bids stand.
func (m *Model) judge(env view.Env) view.Effect {
	f := env.Data.Instances
	if !f.Told() {
		return view.Effect{}
	}
	in := m.material(env)
	if m.shown { // the market is large, and is looked through for who looks at it
		in.market = current(env)
	}
	if len(in.list) > 0 && len(in.list)+len(in.market.Value.Rows) > atOnce {
		return view.Wait(command.Compute(env.Load, making, in.read))
	}
	return m.take(env, in.read())
}

// material is what there is to make rows from, without the market.
func (m *Model) material(env view.Env) material {
	return material{
		list: env.Data.Instances.Value.Instances, now: env.Now, traces: env.Data.Traces, listings: env.Data.Listings,
		left: m.leftovers(env), trends: env.Data.Past.Trends,
	}
}

// current is the on-demand market in hand, as long as its prices are those of now.
func current(env view.Env) feed.Feed[feed.Market] {
	f := env.Data.OffersOf(vastapi.OnDemand)
	if env.Now.Sub(f.Value.Since) > listingLasts {
		return feed.Feed[feed.Market]{}
	}
	return f
}

// leftovers are the instances that refused rents left behind, worked out once for each
// reading of the journal.
func (m *Model) leftovers(env view.Env) map[vastapi.InstanceID]bool {
	f := env.Data.Journal
	if m.left.list != nil && m.left.rev == f.Rev && m.left.account == f.Value.Account {
		return m.left.list
	}
	m.left = left{f.Rev, f.Value.Account, map[vastapi.InstanceID]bool{}}
	for _, op := range f.Value.Ops.For(f.Value.Account) {
		if op.Verb == "rent" && op.Contract != 0 && op.Failed() {
			m.left.list[op.Contract] = true
		}
	}
	return m.left.list
}

// left is what the journal tells of what was left behind.
type left struct {
	rev     int
	account string
	list    map[vastapi.InstanceID]bool
}

// read works it all out.
func (in material) read() reading {
	var out reading
	var wants []feed.GPUs
	var likes []feed.Like
	for n := range in.list {
		if i := &in.list[n]; i.Bid {
			out.rows = append(out.rows, in.row(i))
			wants, likes = append(wants, gpusOf(i)), append(likes, likeOf(i))
		}
	}
	prices := feed.OnDemandPrices(in.market, in.listings, wants)
	cheapest := feed.CheapestOnDemand(in.market, likes)
	for _, r := range out.rows {
		r.price, r.like = prices[gpusOf(r.Instance)], cheapest[likeOf(r.Instance)]
	}
	out.sum = summary(out.rows)
	return out
}

func gpusOf(i *vastapi.Instance) feed.GPUs { return feed.GPUs{Machine: i.MachineID, Num: i.NumGPUs} }

func likeOf(i *vastapi.Instance) feed.Like {
	return feed.Like{Model: i.GPUName.String(), Num: i.NumGPUs}
}

// row is one bid with what follows from it, its price on demand left open.
func (in *material) row(i *vastapi.Instance) *row {
	w := in.traces[i.ID].Watched
	r := &row{
		Instance: i, state: w.State(i), since: w.Since(), outs: w.Outbids(), left: in.left[i.ID], at: in.now,
		price: feed.OnDemand{Rate: vastapi.Unknown[vastapi.Rate]()}, moved: in.moved(i),
	}
	r.name, _ = rental.SplitLabel(i.Label.String())
	if len(w.States) > 0 {
		r.seen = w.States[0].At
	}
	r.stand = stand(i, r.state, r.left, w.ByRenter())
	return r
}

// take shows what was worked out.
func (m *Model) take(env view.Env, r reading) view.Effect {
	m.rows, m.sum, m.made = r.rows, r.sum, true
	m.query.Renew(nil)
	m.tick(env.Now)
	m.table.SetFlash(env.Now)
	m.table.Filter(m.keep())
	m.table.SetRows(m.rows)
	e := view.Join(m.arrange(env), m.lookUp(env))
	m.selectWanted()
	return e
}

// lookUp asks what machines of bids cost on demand where neither the market in hand
// nor an earlier answer tells it. Nobody is asked for what nobody looks at.
func (m *Model) lookUp(env view.Env) view.Effect {
	if !m.shown {
		return view.Effect{}
	}
	var ask []vastapi.MachineID
	seen := map[vastapi.MachineID]bool{}
	for _, r := range m.rows {
		if r.price.Known() && env.Now.Sub(r.price.At) < listingLasts {
			seen[r.MachineID] = true // for any of its bids
		}
	}
	for _, r := range m.rows {
		id := r.MachineID
		f := env.Data.Listings[id]
		if id != 0 && !seen[id] && env.Now.Sub(f.At) >= listingLasts && env.Now.Sub(f.Since) >= lookAgain {
			ask = append(ask, id)
		}
		seen[id] = true
	}
	if len(ask) == 0 {
		return view.Effect{}
	}
	return view.Wait(env.Load.LoadListings(ask))
}

// refilter shows what the query admits now.
func (m *Model) refilter(env view.Env) view.Effect {
	m.table.Filter(m.keep())
	return m.arrange(env)
}

// arrange has the table arranged elsewhere when there is too much of it for here.
func (m *Model) arrange(env view.Env) view.Effect {
	job, ok := m.table.Job()
	if !ok {
		return view.Effect{}
	}
	return view.Wait(command.Compute(env.Load, arranging, job.Run))
}

// arranged shows what was arranged elsewhere.
func (m *Model) arranged(env view.Env, msg command.Computed[arrangement]) view.Effect {
	if msg.Err != nil {
		m.table.Drop() // the next change of the list arranges it anew
		return view.Effect{}
	}
	m.table.Install(msg.Value)
	m.point()
	m.selectWanted()
	return m.arrange(env)
}

// keep is what a row has to be for the list; nil = any will do.
func (m *Model) keep() func(*row) bool {
	typed := m.query.Typed
	if typed.Empty() {
		return nil
	}
	return func(r *row) bool { return typed.Match(r) }
}
