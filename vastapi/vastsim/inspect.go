package vastsim

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Call is one request as it arrived. At is real time; Status is 0 when the
// connection broke without an answer.
type Call struct {
	At           time.Time
	Method, Path string
	Query        string // as sent, still encoded
	Body         []byte
	Status       int
}

// keptCalls bounds the record of a server that runs for days.
const keptCalls = 20_000

func (w *World) record(c *Call) {
	if len(w.calls) >= keptCalls {
		w.calls = slices.Delete(w.calls, 0, keptCalls/2)
	}
	w.calls = append(w.calls, c)
}

// Calls returns the requests with this method whose path begins with pathPrefix,
// oldest first; "" matches everything. Only the last 10,000 to 20,000 are kept.
func (w *World) Calls(method, pathPrefix string) []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []Call
	for _, c := range w.calls {
		if (method == "" || c.Method == method) && strings.HasPrefix(c.Path, pathPrefix) {
			out = append(out, *c)
		}
	}
	return out
}

// InstanceState is one contract of the account as the world knows it. DPH and
// DPHBase are $/h while running, BilledNow what it costs at this moment; money
// is in dollars, disk in GB.
type InstanceState struct {
	ID, OfferID, MachineID, HostID int64
	Label                          string
	Actual, Intended, Cur          string // Actual is "" while the API says null
	Msg                            string
	Bid                            bool
	BidPrice, MinBid               float64
	GPUName                        string
	NumGPUs                        int
	DPH, DPHBase, BilledNow        float64
	DiskGB, StorageCost            float64
	Image, Runtype, Onstart        string
	Env                            map[string]string
	Injected                       map[string]string // variables of the account, as they were when it was rented
	Outbid, Queued                 bool
	Spent                          float64 // since the contract began
	Created                        time.Time
}

// Instances returns the live contracts of the account, by id.
func (w *World) Instances() []InstanceState {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	var out []InstanceState
	for _, in := range w.order {
		out = append(out, w.stateOf(in))
	}
	return out
}

func (w *World) stateOf(in *instance) InstanceState {
	now := w.ratesOf(in)
	s := InstanceState{
		ID: in.id, OfferID: in.offerID, MachineID: in.m.id, HostID: in.m.host.id, Actual: in.actual,
		Intended: in.intended, Cur: in.cur, Msg: in.msg, Bid: in.bid, BidPrice: in.price, MinBid: w.floorOf(in),
		GPUName: in.m.model.name, NumGPUs: in.gpus, DPHBase: in.hourly(),
		DPH: in.hourly() + in.storage*in.disk/monthHours, BilledNow: now.gpu + now.disk, DiskGB: in.disk,
		StorageCost: in.storage, Image: in.image, Runtype: in.runtype, Onstart: in.onstart,
		Env: map[string]string{}, Injected: maps.Clone(in.injected), Outbid: in.outbid, Queued: in.queued,
		Spent: in.ledger.between(-forever/2, forever, w.clock).total(), Created: w.born.Add(in.created),
	}
	for _, kv := range in.env {
		s.Env[kv[0]] = kv[1]
	}
	if in.label != nil {
		s.Label = string(*in.label)
	}
	return s
}

// OfferState is one row of the market at this moment. Prices are $/h for all
// cards of the offer; MinBid is 0 when the host takes no bids.
type OfferState struct {
	ID, MachineID, HostID int64
	GPUName               string
	NumGPUs               int
	DPHBase, MinBid       float64
	StorageCost           float64 // $/GB/month
	DiskGB                float64
	Rentable, Verified    bool
	Country               string
	VolumeOfferID         int64 // 0 when the machine offers none
}

// Offers returns everything the market lists now, in no particular order but
// always the same.
func (w *World) Offers() []OfferState {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	var out []OfferState
	for _, m := range w.machines {
		for _, o := range w.listing(m, w.clock) {
			s := OfferState{
				ID: o.id, MachineID: m.id, HostID: m.host.id, GPUName: m.model.name, NumGPUs: o.gpus, DPHBase: o.base,
				MinBid: o.minBid, StorageCost: m.host.storage, Rentable: o.rentable,
				DiskGB:   w.offerRow(o, search{}, false).DiskSpace,
				Verified: m.host.verification == "verified", Country: m.host.place.country,
			}
			if m.volumeGB-m.usedVols >= 1 {
				s.VolumeOfferID = w.volumeAsk(m)
			}
			out = append(out, s)
		}
	}
	return out
}

// VolumeState is one volume of the account. Size is in GB, Cost in $/GB/month.
type VolumeState struct {
	ID, MachineID int64 // a network volume lies on no machine: 0
	Name          string
	Size, Cost    float64
	Instances     []int64
	Away          bool // its machine has no connection, and it costs nothing: no field of the API tells
	Network       bool
}

// Volumes returns the volumes of the account, oldest first.
func (w *World) Volumes() []VolumeState {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	var out []VolumeState
	for _, v := range w.volumes {
		state := VolumeState{ID: v.id, Name: v.name, Size: v.size, Cost: v.cost, Instances: w.users(v), Network: v.share != nil}
		if v.m != nil {
			state.MachineID, state.Away = v.m.id, w.offline(v.m, w.clock)
		}
		out = append(out, state)
	}
	return out
}

// RemoveOffer takes one offer off the market for good, as if somebody had rented
// it.
func (w *World) RemoveOffer(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.removed[id] = true
}

// SetOfferPrice sets what an offer costs, in $/h for all its cards. Its lowest
// bid moves in proportion.
func (w *World) SetOfferPrice(id int64, dphBase float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.prices[id] = dphBase
}

// change runs f on an instance and brings its bill up to date; unknown ids do
// nothing.
func (w *World) change(id int64, f func(*instance)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	if in := w.instances[id]; in != nil {
		f(in)
		if w.instances[id] != nil {
			w.settle(in)
		}
	}
}

// SetInstanceLabel sets a label without any check. Its bytes are sent as they
// are, so it may hold escape sequences and invalid UTF-8; "" clears it.
func (w *World) SetInstanceLabel(id int64, label string) {
	w.change(id, func(in *instance) {
		in.label = nil
		if label != "" {
			in.label = ptr(rawText(label))
		}
	})
}

// SetInstanceStatus forces actual_status ("" means null) and status_msg and
// cancels what was about to happen to the instance by itself. "exited" and
// "stopped" give up its cards, "running" takes them, "offline" costs nothing.
func (w *World) SetInstanceStatus(id int64, actual, msg string) {
	w.change(id, func(in *instance) { w.force(in, actual, msg) })
}

func (w *World) force(in *instance, actual, msg string) {
	in.actual, in.msg, in.steps = actual, msg, nil
	if actual == "exited" || actual == "stopped" {
		in.cur = "stopped"
		w.release(in)
	}
	if actual == "running" {
		in.cur = "running"
		in.upSince = w.clock
		w.grasp(in)
	}
}

// SetBid sets the bid of an instance in $/h for all its cards, as the change-bid
// call does; instances on demand are left alone.
func (w *World) SetBid(id int64, price float64) {
	w.change(id, func(in *instance) {
		if in.bid {
			in.price = price
			w.wake(in)
		}
	})
}

// RemoveInstance ends a contract as if somebody had destroyed it elsewhere.
func (w *World) RemoveInstance(id int64) { w.change(id, func(in *instance) { w.remove(in) }) }

// Credit is the spendable money of the account in dollars.
func (w *World) Credit() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	return w.credit()
}

// SetCredit sets the spendable money of the account in dollars.
func (w *World) SetCredit(usd float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	w.pay(usd - w.credit())
}

// NextChange is when something next happens by itself to what the account has, in
// the world's time; zero when nothing will. Until then every rate stays as it is.
func (w *World) NextChange() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.advance()
	at, _ := w.nextEvent()
	if at >= forever {
		return time.Time{}
	}
	return w.born.Add(at)
}
