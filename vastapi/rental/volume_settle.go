package rental

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vastdeck/vastapi"
)

// volumeReader reads the account's volumes and the places for new ones.
type volumeReader interface {
	Volumes(context.Context) (vastapi.VolumeList, error)
	SearchVolumes(context.Context, vastapi.OfferSearch) (vastapi.OfferPage, error)
}

// judgeVolume decides what a look means for a change of volumes. It reports whether a
// was sent again.
func (x *execution) judgeVolume(a *attempt, at time.Time) bool {
	reader, can := x.deps.Read.(volumeReader)
	if !can {
		x.judgeUnseen(a)
		return false
	}
	ctx, cancel := x.reading()
	defer cancel()
	list, err := reader.Volumes(ctx)
	if err != nil {
		return false
	}
	if c, deletes := a.step.Call.(vastapi.DeleteVolume); deletes {
		if _, there := volumeOf(list.Volumes, c.ID); !there && list.Bad == 0 {
			x.seen(a, nil)
			return false
		}
		return x.notYet(a, at)
	}
	if v, found := x.madeVolume(a, list.Volumes); found {
		if a.stage == stageUnknown {
			a.why = fmt.Sprintf("%s, but it was made: volume %d", a.said, v.ID)
		}
		a.volume = v.ID
		x.seen(a, &vastapi.Instance{}) // it is there, so it is this account's
		return false
	}
	if list.Bad > 0 {
		a.looks++
		return false // one of the rows that cannot be read may be it
	}
	return x.notYet(a, at)
}

// madeVolume finds the volume that a made: the one that the answer named, else one
// that was not there before and is as asked for.
func (x *execution) madeVolume(a *attempt, list []vastapi.Volume) (vastapi.Volume, bool) {
	if a.volume != 0 {
		return volumeOf(list, a.volume)
	}
	if a.stage == stageAccepted {
		return vastapi.Volume{}, false
	}
	size, name := askedVolume(a.step.Call)
	for _, v := range list {
		if x.claimed(v.ID) {
			continue
		}
		if v.ID > a.newest && v.MachineID == a.step.Subject.Machine && v.Size == size && (name == "" || v.Name.Wire() == name) {
			return v, true
		}
	}
	return vastapi.Volume{}, false
}

// claimed reports whether a volume is known to be what an attempt made.
func (x *execution) claimed(id vastapi.VolumeID) bool {
	return slices.ContainsFunc(x.attempts, func(a *attempt) bool { return a.volume == id })
}

// askedVolume is the size and the name of what a call makes; a copy is called as
// what is copied, which the call does not tell.
func askedVolume(c vastapi.Call) (vastapi.GB, string) {
	switch c := c.(type) {
	case vastapi.CreateVolume:
		return c.Size, c.Name
	case vastapi.CloneVolume:
		return c.Size, ""
	}
	return 0, ""
}

func volumeOf(list []vastapi.Volume, id vastapi.VolumeID) (vastapi.Volume, bool) {
	for _, v := range list {
		if v.ID == id {
			return v, true
		}
	}
	return vastapi.Volume{}, false
}

// newestVolume is the highest id of volumes, which a new one is above.
func newestVolume(list []vastapi.Volume) vastapi.VolumeID {
	var id vastapi.VolumeID
	for _, v := range list {
		id = max(id, v.ID)
	}
	return id
}

// volumeChanges compares the plan's facts about volumes with what is true now.
func (x *execution) volumeChanges() ([]Change, error) {
	var facts []Fact
	exist := false
	for _, f := range x.plan.Basis.Facts {
		if f.Volume != nil {
			facts = append(facts, f)
			exist = exist || f.Volume.ID != 0
		}
	}
	reader, can := x.deps.Read.(volumeReader)
	if len(facts) == 0 || !can {
		return nil, nil
	}
	var list []vastapi.Volume
	if exist {
		ctx, cancel := x.reading()
		defer cancel()
		all, err := reader.Volumes(ctx)
		if err != nil {
			return nil, err
		}
		if all.Bad > 0 {
			return nil, fmt.Errorf("%d volumes cannot be read", all.Bad)
		}
		list = all.Volumes
	}
	var changes []Change
	for _, f := range facts {
		if f.Volume.ID != 0 {
			changes = append(changes, f.againstVolumes(list)...)
			continue
		}
		ctx, cancel := x.reading()
		page, err := reader.SearchVolumes(ctx, vastapi.OfferSearch{
			Filter: vastapi.Filter{"machine_id": {"eq": f.Subject.Machine}}, Storage: f.Volume.Size, Limit: 64,
		})
		cancel()
		if err != nil {
			return nil, err
		}
		changes = append(changes, f.againstPlaces(page.Offers)...)
	}
	return changes, nil
}

func (f Fact) againstVolumes(list []vastapi.Volume) []Change {
	v, there := volumeOf(list, f.Volume.ID)
	switch {
	case !there:
		return []Change{{Subject: f.Subject, What: "volume", Gone: true}}
	case !v.Name.Equal(f.Volume.Name):
		return []Change{{Subject: f.Subject, What: "name", Was: named(f.Volume.Name.String()), Is: named(v.Name.String())}}
	case v.MachineID != f.Subject.Machine:
		return []Change{{Subject: f.Subject, What: "machine", Was: f.Subject.Machine.String(), Is: v.MachineID.String()}}
	case !slices.Equal(v.Instances, f.Volume.Held):
		return []Change{{Subject: f.Subject, What: "number of instances that hold it", Was: fmt.Sprint(len(f.Volume.Held)), Is: fmt.Sprint(len(v.Instances))}}
	}
	return nil
}

func (f Fact) againstPlaces(list []vastapi.Offer) []Change {
	o := findOffer(list, f.Volume.Offer)
	switch {
	case o == nil, !(o.DiskSpace >= f.Volume.Size):
		return []Change{{Subject: f.Subject, What: "room for a volume of " + gb(f.Volume.Size), Was: "there", Is: "gone: pick another place"}}
	case monthlyPerGB(o.StorageCost) == monthlyPerGB(f.Volume.Price):
		return nil
	case o.StorageCost < f.Volume.Price:
		return []Change{{Subject: f.Subject, What: "price", Was: monthlyPerGB(f.Volume.Price), Is: monthlyPerGB(o.StorageCost), Lower: true}}
	}
	return []Change{{Subject: f.Subject, What: "price", Was: monthlyPerGB(f.Volume.Price), Is: monthlyPerGB(o.StorageCost)}}
}
