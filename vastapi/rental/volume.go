package rental

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// The ways back from changes of volumes.
const (
	UndoByDelete Undo = "delete takes it back"
)

// NewVolume is what is filled in to create a volume.
type NewVolume struct {
	Size vastapi.GB // whole gigabytes; it is fixed for good
	Name string     // letters, digits and _, at most 64; "" = none
}

// VolumeFact is what must still hold of a volume, or of the place of a new one.
type VolumeFact struct {
	ID    vastapi.VolumeID     // of one that exists, 0 = the place of a new one
	Name  safetext.Text        // of one that exists
	Held  []vastapi.InstanceID // by whom one that exists is held
	Offer vastapi.OfferID      // of the place
	Size  vastapi.GB           // that is to fit there
	Price vastapi.PerGBMonth   // of the place
}

// PlanCreateVolume plans to make a volume at o, a row of a volume search that was
// read at offerAt.
func PlanCreateVolume(o vastapi.Offer, offerAt time.Time, v NewVolume, d Desk) (Plan, error) {
	call := vastapi.CreateVolume{Offer: o.ID, Size: v.Size, Name: v.Name}
	p, rate, err := planVolume("create volume", o, offerAt, call, v.Size, d)
	if err != nil {
		return Plan{}, err
	}
	p.Title, p.Button = "Create a volume of "+gb(v.Size)+inCountry(o.Country), "Create"
	if v.Name != "" {
		p.Facts = append([]Line{{"name", named(v.Name)}}, p.Facts...)
	}
	p.Steps[0].Detail = "volume of " + gb(v.Size) + " on machine " + o.MachineID.String()
	p.Warnings = newVolumeWarnings(&o, v.Size, rate, d)
	return p, nil
}

// PlanCloneVolume plans to copy src to a new volume of at least its size at o, a row
// of a volume search that was read at offerAt.
func PlanCloneVolume(src vastapi.Volume, o vastapi.Offer, offerAt time.Time, size vastapi.GB, d Desk) (Plan, error) {
	if src.Network() {
		return Plan{}, fmt.Errorf("volume %d is a network volume, and %s", src.ID, uncopied)
	}
	if size == 0 {
		size = src.Size
	}
	if !(size >= src.Size) {
		return Plan{}, FieldError{"size", "a copy has at least the size of what is copied: " + gb(src.Size)}
	}
	call := vastapi.CloneVolume{Source: src.ID, Offer: o.ID, Size: size}
	p, rate, err := planVolume("clone volume", o, offerAt, call, size, d)
	if err != nil {
		return Plan{}, err
	}
	p.Title, p.Button = fmt.Sprintf("Copy volume %d to a new one of %s", src.ID, gb(size)), "Copy"
	p.Steps[0].Target = volumeTarget(&src)
	p.Steps[0].Subject.Volume = src.ID
	p.Steps[0].Detail = "a copy of " + gb(size) + " on machine " + o.MachineID.String()
	p.Basis.Facts = append(p.Basis.Facts, existingVolume(&src))
	w := newVolumeWarnings(&o, size, rate, d)
	w.add(len(src.Instances) > 0, Caution, "it is in use: what is written meanwhile may be half in the copy")
	w.add(src.MachineID != o.MachineID, Note, "the data is copied from machine %d to machine %d, which can take a while", src.MachineID, o.MachineID)
	p.Warnings = w
	return p, nil
}

// planVolume is what creating and cloning have in common.
func planVolume(verb string, o vastapi.Offer, offerAt time.Time, call vastapi.Call, size vastapi.GB, d Desk) (Plan, vastapi.Rate, error) {
	d = d.sure()
	if err := call.(interface{ Validate() error }).Validate(); err != nil {
		return Plan{}, 0, FieldError{"volume", err.Error()}
	}
	rate := o.StorageCost.Hourly(size)
	switch {
	case vastapi.Known(o.DiskSpace) && size > o.DiskSpace:
		return Plan{}, 0, FieldError{"size", "there is room for " + gb(vastapi.GB(int(o.DiskSpace))) + " at most: make it smaller, or pick another place"}
	case !vastapi.Known(rate) || o.StorageCost < 0:
		return Plan{}, 0, errors.New("the price of this place is not known, so nothing is made there: pick another")
	case rate > maxRate:
		return Plan{}, 0, fmt.Errorf("the price of this place cannot be right (%s), so nothing is made there: pick another", pricing.Shown(rate))
	}
	p := Plan{
		ID: d.newID(), Verb: verb, Mode: Chain, Keep: "Cancel", Consent: Consent{Kind: ConsentChoose},
		Cost: pricing.Between(d.Before(), rate, d.Credit), Basis: d.basis(offerAt),
	}
	p.Steps = []Step{{
		Verb: verb, Target: "offer " + o.ID.String(), Undo: UndoByDelete, Call: call, Rate: rate,
		Subject: Subject{Offer: o.ID, Machine: o.MachineID},
	}}
	p.Facts = []Line{
		{"size", gb(size) + ", fixed for good"},
		{"machine", fmt.Sprintf("%d, host %d", o.MachineID, o.HostID)},
		{"place", quoted(o.Geolocation)},
		{"price", monthlyPerGB(o.StorageCost)},
		{"costs", pricing.Shown(rate) + ", " + monthly(rate) + ", for as long as it exists"},
	}
	p.Checks, p.Ceiling = checkCaps(rate, d)
	p.Consent = overCaps(p.Consent, p.Checks)
	p.Basis.Facts = []Fact{{
		Subject: Subject{Machine: o.MachineID}, Text: fmt.Sprintf("machine %d has room for %s at %s", o.MachineID, gb(size), monthlyPerGB(o.StorageCost)),
		Volume: &VolumeFact{Offer: o.ID, Size: size, Price: o.StorageCost},
	}}
	return p, rate, nil
}

func newVolumeWarnings(o *vastapi.Offer, size vastapi.GB, rate vastapi.Rate, d Desk) warnings {
	var w warnings
	w.add(true, Note, "only instances on machine %d can use it, one at a time, and only from when they are rented", o.MachineID)
	w.add(true, Caution, "it costs %s until it is deleted, used or not", monthly(rate))
	w.add(o.Duration > 0 && o.Duration < 30*24*time.Hour, Caution, "the host offers the machine for another %s only", span(o.Duration))
	w.credit(rate, d.sure())
	return w
}

// inCountry is " in Germany", or nothing.
func inCountry(country string) string {
	if name := countryName(country); name != "" {
		return " in " + name
	}
	return ""
}

// PlanDeleteVolumes plans to delete volumes and what is on them. It fails while one of
// them is held by an instance, running or stopped.
func PlanDeleteVolumes(targets []vastapi.Volume, d Desk) (Plan, error) {
	d = d.sure()
	if len(targets) == 0 {
		return Plan{}, errors.New("no volume is chosen")
	}
	for n := range targets {
		if err := held(&targets[n], d); err != nil {
			return Plan{}, err
		}
	}
	p := Plan{
		ID: d.newID(), Verb: "delete volume", Mode: Each, Basis: d.basis(d.At),
		Title: fmt.Sprintf("Delete %d volumes", len(targets)), Button: fmt.Sprintf("Delete %d", len(targets)), Keep: "Keep them",
		Consent: Consent{Kind: ConsentType, Words: fmt.Sprintf("delete %d", len(targets))},
	}
	if len(targets) == 1 {
		p.Title, p.Button, p.Keep = fmt.Sprintf("Delete volume %d", targets[0].ID), "Delete", "Keep it"
		p.Consent.Words = volumeWords(&targets[0])
	}
	var saved vastapi.Rate
	for n := range targets {
		v := &targets[n]
		saved += v.Hourly
		p.Steps = append(p.Steps, Step{
			Verb: p.Verb, Target: volumeTarget(v), Detail: gb(v.Size) + " " + whereVolume(v) + " · everything on it is erased",
			Undo: UndoNever, Call: vastapi.DeleteVolume{ID: v.ID}, Subject: Subject{Volume: v.ID, Machine: v.MachineID},
		})
		p.Facts = append(p.Facts, Line{v.ID.String(), gb(v.Size) + ", " + monthly(v.Hourly)})
		p.Basis.Facts = append(p.Basis.Facts, existingVolume(v))
	}
	p.Cost = pricing.Between(d.Before(), -saved, d.Credit)
	var w warnings
	w.add(true, Danger, "this cannot be undone: what is on %s is lost", volumesWord(len(targets)))
	w.uncertain(d)
	p.Warnings = w
	return p, nil
}

// uncopied is why a network volume is not copied.
const uncopied = "a copy is made of volumes on machines only: copy its files from an instance"

// whereVolume says where a volume lies: "on machine 12", "in the network of its host".
func whereVolume(v *vastapi.Volume) string {
	if v.Network() && v.MachineID <= 0 {
		return "in the network of its host"
	}
	return "on machine " + v.MachineID.String()
}

func volumesWord(n int) string {
	if n == 1 {
		return "the volume"
	}
	return fmt.Sprintf("%d volumes", n)
}

// held says who holds a volume, nil when nobody does.
func held(v *vastapi.Volume, d Desk) error {
	if len(v.Instances) == 0 {
		return nil
	}
	var who []string
	for _, id := range v.Instances {
		text := "instance " + id.String()
		if i := findInstance(d.Instances, id); i != nil {
			text += " " + nameOf(i) + ", " + strings.ToLower(Display(*i).Word)
		}
		who = append(who, text)
	}
	return fmt.Errorf("volume %d is held by %s: destroy that first, a stopped instance holds it as well", v.ID, strings.Join(who, " and "))
}

// volumeWords are what is typed to delete a volume: its name or, when it has none that
// can be typed, the last four digits of its id.
func volumeWords(v *vastapi.Volume) string {
	if name := v.Name.String(); name != "" && only(name, "_") && len(name) <= 64 {
		return name
	}
	id := v.ID.String()
	return id[max(0, len(id)-4):]
}

func volumeTarget(v *vastapi.Volume) string {
	return fmt.Sprintf("volume %d %s", v.ID, named(v.Name.String()))
}

func existingVolume(v *vastapi.Volume) Fact {
	return Fact{
		Subject: Subject{Volume: v.ID, Machine: v.MachineID}, Text: fmt.Sprintf("volume %d is %s %s", v.ID, named(v.Name.String()), whereVolume(v)),
		Volume: &VolumeFact{ID: v.ID, Name: v.Name, Held: v.Instances},
	}
}

// MountFlag is how the official client is told to attach a volume: "-v V.881:/data".
func MountFlag(id vastapi.VolumeID, path string) string {
	return "-v V." + id.String() + ":" + path
}

// MountHelp says how a new volume gets into an instance.
func MountHelp(id vastapi.VolumeID, machine vastapi.MachineID) []string {
	return []string{
		fmt.Sprintf("rent on machine %d and link volume %d in the form, or", machine, id),
		"vastai create instance OFFER --env '" + MountFlag(id, "/data") + "' with an offer of that machine",
		"what is written below /data then outlives the instance",
	}
}

// ParseVolumeID reads "123", "V.123" and "vol-123".
func ParseVolumeID(text string) (vastapi.VolumeID, bool) {
	digits := strings.TrimSpace(text)
	for _, prefix := range []string{"vol-", "V."} {
		if rest, cut := strings.CutPrefix(digits, prefix); cut {
			digits = rest
			break
		}
	}
	if digits == "" || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	var id vastapi.VolumeID
	for _, c := range digits {
		id = id*10 + vastapi.VolumeID(c-'0')
	}
	return id, id > 0
}
