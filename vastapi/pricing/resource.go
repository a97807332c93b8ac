package pricing

import (
	"vastdeck/vastapi"
)

// ResourceKind is what kind of thing costs money.
type ResourceKind string

// The kinds, by the words that people who list costs use.
const (
	AI            ResourceKind = "ai"      // an instance rented on demand or reserved
	Interruptible ResourceKind = "bid"     // an interruptible instance
	Storage       ResourceKind = "storage" // a volume
)

// Resource is one thing that is billed.
type Resource struct {
	Kind     ResourceKind
	Instance vastapi.InstanceID // 0 for a volume
	Volume   vastapi.VolumeID   // 0 for an instance
	Size     vastapi.GB         // of a volume; 0 for an instance
	Now      vastapi.Rate       // what is billed at this moment
	Running  vastapi.Rate       // what is billed while it runs; for a volume the same as Now
	// Leaks says that it is billed and computes nothing: see Burn.Leak.
	Leaks bool
}

// Resources lists what is billed: instances in their order, then volumes in theirs.
func Resources(instances []vastapi.Instance, volumes []vastapi.Volume) []Resource {
	out := make([]Resource, 0, len(instances)+len(volumes))
	for n := range instances {
		i := &instances[n]
		kind := AI
		if i.Bid {
			kind = Interruptible
		}
		out = append(out, Resource{Kind: kind, Instance: i.ID, Now: Now(i), Running: Running(i).Total(), Leaks: Idle(i) && Now(i) > 0})
	}
	used := usedBy(instances)
	for n := range volumes {
		v := &volumes[n]
		out = append(out, Resource{Kind: Storage, Volume: v.ID, Size: v.Size, Now: v.Hourly, Running: v.Hourly, Leaks: v.Hourly > 0 && !used.has(v)})
	}
	return out
}

// Monthly is what a rate comes to in a month of so many hours.
func Monthly(r vastapi.Rate, hours float64) vastapi.Amount {
	return vastapi.Amount(float64(r) * hours)
}

// MonthHours is the marketplace's month: thirty days. Its disk prices are for such a
// month.
const MonthHours = 720

// users are the instances that run and the volumes that they name.
type users struct {
	running map[vastapi.InstanceID]bool
	volumes map[vastapi.VolumeID]bool
}

func usedBy(instances []vastapi.Instance) users {
	u := users{map[vastapi.InstanceID]bool{}, map[vastapi.VolumeID]bool{}}
	for n := range instances {
		i := &instances[n]
		if i.Actual.String() != "running" {
			continue
		}
		u.running[i.ID] = true
		for _, v := range i.Volumes {
			u.volumes[v] = true
		}
	}
	return u
}

// has reports whether a running instance uses v.
func (u users) has(v *vastapi.Volume) bool {
	for _, i := range v.Instances {
		if u.running[i] {
			return true
		}
	}
	return u.volumes[v.ID]
}
