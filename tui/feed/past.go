package feed

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// Past is what this machine remembers of earlier days. Its maps and slices are
// replaced whole, never changed in place.
type Past struct {
	At       time.Time // when Trends, Machines and Hosts were read; zero = never
	Err      error     // why they could not be read last
	Trends   map[Slot][]float64
	Machines map[vastapi.MachineID]Tenancy
	Hosts    map[vastapi.HostID]Tenancy
	Spreads  map[GPUModel]Spread
	Chart    Feed[PriceChart] // the newest one that was asked for
	Credit   Feed[[]Credit]
	Rev      int // grows with Trends, Machines and Hosts
}

// The stretch of time that Past.Trends are about, and in how many parts.
const (
	TrendSpan  = 7 * 24 * time.Hour
	TrendParts = 14
)

// Slot is what a remembered price belongs to: so many GPUs of a machine, rented in
// one way. Offers come and go under ever new numbers, a slot stays.
type Slot struct {
	Machine vastapi.MachineID
	GPUs    int
	Kind    vastapi.RentalType
}

// SlotOf is the slot of an offer that is rented in one way.
func SlotOf(o *vastapi.Offer, kind vastapi.RentalType) Slot {
	return Slot{o.MachineID, o.NumGPUs, KindOf(kind)}
}

// GPUModel is a model of GPU, rented in one way.
type GPUModel struct {
	Name string
	Kind vastapi.RentalType
}

// ModelOf is the model of an offer that is rented in one way.
func ModelOf(o *vastapi.Offer, kind vastapi.RentalType) GPUModel {
	return GPUModel{o.GPUName.String(), KindOf(kind)}
}

// RememberedPrice is the price that is remembered of an offer, in $/h: as the market
// lists it, but always with a disk of 10 GB, so that prices of two days can be
// compared. A bid has no disk in it.
func RememberedPrice(o *vastapi.Offer, kind vastapi.RentalType) vastapi.Rate {
	if KindOf(kind) == vastapi.Interruptible {
		return pricing.Headline(o, kind)
	}
	if !vastapi.Known(pricing.Headline(o, kind)) {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return pricing.For(o, kind, DefaultWorkload().Disk).Total()
}

// Spread is what the cheapest GPU of a model has cost over time.
type Spread struct {
	Prices []float64     // $/h of one GPU, ascending; each the lowest of ten minutes, or of an hour
	Span   time.Duration // between the first of them and the last
	Says   bool          // there are enough, over long enough, to judge a price by
	At     time.Time     // when it was read
}

// Dearer is the share of the samples that were dearer than a price in $/h of one GPU.
func (s Spread) Dearer(price float64) float64 {
	if len(s.Prices) == 0 || !vastapi.Known(price) {
		return math.NaN()
	}
	above := sort.Search(len(s.Prices), func(n int) bool { return s.Prices[n] > price })
	return float64(len(s.Prices)-above) / float64(len(s.Prices))
}

// PriceChart is what a model or a slot has cost over a stretch of time.
type PriceChart struct {
	PriceQuery
	Points []PricePoint // the oldest first
	// Samples is how many prices were noted in that time, and Noted how long lies
	// between the first and the last of them.
	Samples int
	Noted   time.Duration
}

// PriceQuery says what a chart is about: a slot, or all machines with a model when
// Slot.Machine is 0.
type PriceQuery struct {
	Model    GPUModel
	Slot     Slot
	From, To time.Time
	Parts    int
}

// PricePoint is what something cost over a part of a chart's time.
type PricePoint struct {
	At             time.Time
	Low, Mid, High float64 // $/h: of one GPU of a model; of a slot's whole offer, all the same. NaN = it was not offered
}

// Credit is what could be spent at one moment.
type Credit struct {
	At     time.Time
	Amount vastapi.Amount
}

// Tenancy is what came of earlier rentals of a machine, or of a host's machines.
type Tenancy struct {
	Starts int           // how often something was rented or started there
	Ready  int           // how often it came up
	Failed int           // how often it never did
	Usual  time.Duration // until it came up, the middle one; 0 = it never did
	Why    string        // of the newest failure, inert
	Last   time.Time     // when the newest start was asked for
}

// Line says it in one line, "" when nothing was rented there: "3 rentals, ready in
// about 95 s, 1 failed (image)".
func (t Tenancy) Line() string {
	if t.Starts == 0 {
		return ""
	}
	s := fmt.Sprintf("%d starts", t.Starts)
	if t.Starts == 1 {
		s = "1 start"
	}
	switch {
	case t.Usual >= 2*time.Minute:
		s += fmt.Sprintf(", ready in about %d min", int(math.Round(t.Usual.Minutes())))
	case t.Usual > 0:
		s += fmt.Sprintf(", ready in about %d s", int(math.Round(t.Usual.Seconds())))
	}
	switch {
	case t.Failed == 0 && t.Ready == t.Starts:
		s += ", none failed"
	case t.Failed > 0:
		s += fmt.Sprintf(", %d failed", t.Failed)
		if t.Why != "" {
			s += " (" + t.Why + ")"
		}
	}
	return s
}

// Launch is one start of something that was rented, as it is remembered.
type Launch struct {
	Instance vastapi.InstanceID
	Machine  vastapi.MachineID
	Host     vastapi.HostID
	At       time.Time     // when it was asked for
	Ready    time.Duration // until it could be used; 0 = it never could, or not yet
	Failed   string        // why it never could; "" = it did, or may still
}

// Tenancies sums launches up, by machine and by host.
func Tenancies(list []Launch) (map[vastapi.MachineID]Tenancy, map[vastapi.HostID]Tenancy) {
	machines, hosts := map[vastapi.MachineID][]Launch{}, map[vastapi.HostID][]Launch{}
	for _, l := range list {
		machines[l.Machine] = append(machines[l.Machine], l)
		if l.Host != 0 {
			hosts[l.Host] = append(hosts[l.Host], l)
		}
	}
	return tenanciesOf(machines), tenanciesOf(hosts)
}

func tenanciesOf[ID comparable](by map[ID][]Launch) map[ID]Tenancy {
	out := make(map[ID]Tenancy, len(by))
	for id, list := range by {
		out[id] = tenancyOf(list)
	}
	return out
}

func tenancyOf(list []Launch) Tenancy {
	t := Tenancy{Starts: len(list)}
	var took []time.Duration
	var failed time.Time
	for _, l := range list {
		if l.At.After(t.Last) {
			t.Last = l.At
		}
		switch {
		case l.Ready > 0:
			t.Ready++
			took = append(took, l.Ready)
		case l.Failed != "":
			t.Failed++
			if !l.At.Before(failed) {
				failed, t.Why = l.At, safetext.New(l.Failed).String()
			}
		}
	}
	if slices.Sort(took); len(took) > 0 {
		t.Usual = took[len(took)/2]
	}
	return t
}

// Tenancy is what is remembered of a machine, and of its host's other machines.
func (p Past) Tenancy(machine vastapi.MachineID, host vastapi.HostID) (own, all Tenancy) {
	return p.Machines[machine], p.Hosts[host]
}

// Record is one line about earlier rentals of a machine and of its host, "" when
// there were none.
func (p Past) Record(machine vastapi.MachineID, host vastapi.HostID) string {
	own, all := p.Tenancy(machine, host)
	switch {
	case own.Starts > 0 && all.Starts > own.Starts:
		return "here " + own.Line() + "; on all machines of this host " + all.Line()
	case own.Starts > 0:
		return "here " + own.Line()
	case all.Starts > 0:
		return "on other machines of this host " + all.Line()
	}
	return ""
}

// Usual is how long a machine takes to start, or else its host's machines; 0 = not known.
func (p Past) Usual(machine vastapi.MachineID, host vastapi.HostID) time.Duration {
	own, all := p.Tenancy(machine, host)
	if own.Usual > 0 {
		return own.Usual
	}
	return all.Usual
}
