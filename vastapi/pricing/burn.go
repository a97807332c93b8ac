package pricing

import "vastdeck/vastapi"

// Burn is what a whole account is billed per hour: at this moment and, as
// Committed, once every instance is where it is headed.
type Burn struct {
	Total   vastapi.Rate // everything now; unknown when the rate of one contract is
	AtLeast vastapi.Rate // the sum of the rates that are known
	// Committed is everything at what it Will be billed; unknown when that of
	// one contract is. What was rented a minute ago is in it in full.
	Committed        vastapi.Rate
	CommittedAtLeast vastapi.Rate // the sum of those that are known
	Heading          int          // instances that are to run, do not yet, and are expected to
	// Leak is the part of AtLeast that bills without computing: instances that
	// neither run nor are on their way to it, and volumes that no running
	// instance uses.
	Leak    vastapi.Rate
	Idle    int          // instances that are in Leak
	Unused  int          // volumes that are in Leak
	Volumes vastapi.Rate // the part of AtLeast that volumes take
	Unknown int          // contracts whose rate now is not known
	// Unsure counts the contracts of which it is not known what they will be
	// billed.
	Unsure int
}

// Account adds up what the given instances and volumes are billed now and once
// all are where they are headed.
func Account(instances []vastapi.Instance, volumes []vastapi.Volume) Burn {
	var b Burn
	for n := range instances {
		i := &instances[n]
		idle := Idle(i)
		if b.add(Now(i), idle) && idle && Now(i) > 0 {
			b.Idle++
		}
		b.commit(Will(i))
		if Heading(i) {
			b.Heading++
		}
	}
	used := usedBy(instances)
	for n := range volumes {
		v := &volumes[n]
		unused := !used.has(v)
		if b.add(v.Hourly, unused) {
			b.Volumes += v.Hourly
			if unused && v.Hourly > 0 {
				b.Unused++
			}
		}
		b.commit(v.Hourly)
	}
	b.Total, b.Committed = b.AtLeast, b.CommittedAtLeast
	if b.Unknown > 0 {
		b.Total = vastapi.Unknown[vastapi.Rate]()
	}
	if b.Unsure > 0 {
		b.Committed = vastapi.Unknown[vastapi.Rate]()
	}
	return b
}

// commit counts what one contract will be billed.
func (b *Burn) commit(r vastapi.Rate) {
	if !vastapi.Known(r) {
		b.Unsure++
		return
	}
	b.CommittedAtLeast += r
}

// add counts one contract and reports whether its rate is known.
func (b *Burn) add(r vastapi.Rate, leaks bool) bool {
	if !vastapi.Known(r) {
		b.Unknown++
		return false
	}
	b.AtLeast += r
	if leaks {
		b.Leak += r
	}
	return true
}

// Idle reports whether i neither computes nor is on its way to it: it was
// stopped, crashed or never came up, and what it is billed buys nothing.
func Idle(i *vastapi.Instance) bool {
	switch i.Actual.String() {
	case "running", "frozen", "rebooting", "recycling":
		return false
	case "", "created", "loading", "scheduling":
		return i.Intended.String() == "stopped" || Failed(i)
	}
	return true
}
