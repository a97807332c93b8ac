package rental

import (
	"fmt"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/safetext"
)

// The verbs of copies inside the service.
const (
	verbCopyData   = "copy data"
	verbCancelCopy = "cancel copy"
)

// UndoCopy is what can be done about a copy.
const UndoCopy Undo = "cancel ends it; what it has overwritten does not come back"

// DataPlace is one end of a copy: an instance or a volume, one of the two, and a
// path in it.
type DataPlace struct {
	Instance *vastapi.Instance
	Volume   *vastapi.Volume
	Path     string
}

// maxPathShown is how many characters of a path stand in a line.
const maxPathShown = 120

// PlanCopyData plans to copy files from one instance or volume to another inside the
// service; neither has to run. What has the same name there is overwritten. How far
// it is can only be read from the message of the instances.
func PlanCopyData(from, to DataPlace, d Desk) (Plan, error) {
	d = d.sure()
	if err := from.usable("from"); err != nil {
		return Plan{}, err
	}
	if err := to.usable("to"); err != nil {
		return Plan{}, err
	}
	call := vastapi.CopyData{From: from.end(), To: to.end()}
	if err := call.Validate(); err != nil {
		return Plan{}, FieldError{"path", err.Error()}
	}
	p := copyPlan(verbCopyData, to, d)
	p.Keep, p.Title, p.Button = "Cancel", "Copy data from "+from.short()+" to "+to.short(), "Copy"
	p.Facts = []Line{
		{"from", from.long()}, {"path", safetext.Quote(from.Path, maxPathShown)},
		{"to", to.long()}, {"path", safetext.Quote(to.Path, maxPathShown)},
		{"traffic", trafficBetween(from, to)},
	}
	p.Steps[0].Detail, p.Steps[0].Undo, p.Steps[0].Call = "from "+from.short(), UndoCopy, call
	p.Basis.Facts = append(p.Basis.Facts, from.fact())
	var w warnings
	w.add(true, Caution, "what has the same name there is overwritten, and that cannot be taken back")
	w.add(true, Note, "the service copies by itself, also when this program has ended; how far it is stands in the message of the instances, some 30 s late")
	w.add(!from.onDisk() || !to.onDisk(), Note, "an end that is outbid or whose machine is off may not be reachable: then the message says so")
	p.Warnings = w
	return p, nil
}

// PlanCancelCopy plans to end what is being copied into an instance or a volume.
func PlanCancelCopy(to DataPlace, d Desk) (Plan, error) {
	d = d.sure()
	if err := to.usable("to"); err != nil {
		return Plan{}, err
	}
	to.Path = ""
	p := copyPlan(verbCancelCopy, to, d)
	p.Keep, p.Title, p.Button = "Go on copying", "End the copies into "+to.short(), "End them"
	p.Facts = []Line{{"into", to.long()}}
	p.Steps[0].Undo, p.Steps[0].Call = "the copy can be begun anew", vastapi.CancelCopy{To: to.end()}
	var w warnings
	w.add(true, Caution, "all copies into it end, whoever began them; what has been copied stays, half a file too")
	p.Warnings = w
	return p, nil
}

// copyPlan is what the plans of copies have in common: one step about their target.
func copyPlan(verb string, to DataPlace, d Desk) Plan {
	p := Plan{
		ID: d.newID(), Verb: verb, Mode: Chain, Consent: Consent{Kind: ConsentChoose},
		Steps: []Step{{Verb: verb, Target: to.target(), Subject: to.subject(), Was: to.Instance}},
		Cost:  pricing.Between(d.Before(), 0, d.Credit), Basis: d.basis(d.At),
	}
	p.Basis.Facts = append(p.Basis.Facts, to.fact())
	return p
}

// copyArrow stands between the two ends of a copy in the journal.
const copyArrow = " → "

// keptCopy is the request of a copy as the journal tells it: without where from and to
// when that cannot be read there.
func keptCopy(op Op) vastapi.CopyData {
	to := vastapi.CopyEnd{Instance: op.Subject.Instance, Volume: op.Subject.Volume}
	if ends := strings.Split(op.About, copyArrow); len(ends) == 2 { // an arrow in a path would make it ambiguous
		from, known := vastapi.ParseCopyEnd(ends[0])
		into, fits := vastapi.ParseCopyEnd(ends[1])
		if known && fits && into.Ref() == to.Ref() {
			return vastapi.CopyData{From: from, To: into}
		}
	}
	return vastapi.CopyData{To: to}
}

// usable says why nothing can be copied from or to e.
func (e DataPlace) usable(side string) error {
	switch {
	case (e.Instance == nil) == (e.Volume == nil):
		return FieldError{side, "choose an instance or a volume"}
	case e.Volume != nil && e.Volume.Network():
		return FieldError{side, fmt.Sprintf("volume %d is a network volume, and %s", e.Volume.ID, uncopied)}
	case e.Instance != nil && Display(*e.Instance).Class == ClassTerminal:
		return FieldError{side, fmt.Sprintf("instance %d is being destroyed", e.Instance.ID)}
	}
	return nil
}

func (e DataPlace) end() vastapi.CopyEnd {
	if e.Volume != nil {
		return vastapi.CopyEnd{Volume: e.Volume.ID, Path: e.Path}
	}
	return vastapi.CopyEnd{Instance: e.Instance.ID, Path: e.Path}
}

func (e DataPlace) subject() Subject {
	if e.Volume != nil {
		return Subject{Volume: e.Volume.ID, Machine: e.Volume.MachineID}
	}
	return Subject{Instance: e.Instance.ID, Machine: e.Instance.MachineID}
}

func (e DataPlace) fact() Fact {
	if e.Volume != nil {
		return existingVolume(e.Volume)
	}
	return existingInstance(e.Instance)
}

// short names e by its number alone, which is not from outside.
func (e DataPlace) short() string {
	if e.Volume != nil {
		return fmt.Sprintf("volume %d", e.Volume.ID)
	}
	return fmt.Sprintf("instance %d", e.Instance.ID)
}

func (e DataPlace) target() string {
	if e.Volume != nil {
		return volumeTarget(e.Volume)
	}
	return instanceTarget(e.Instance)
}

func (e DataPlace) long() string {
	return fmt.Sprintf("%s, on machine %d", e.target(), e.subject().Machine)
}

// onDisk reports whether the disk of e is surely there to be read: that of a volume,
// and of an instance which runs or was stopped by its user.
func (e DataPlace) onDisk() bool {
	if e.Volume != nil {
		return true
	}
	switch Display(*e.Instance).Class {
	case ClassRunning, ClassStopped:
		return true
	}
	return false
}

// trafficBetween says what a copied gigabyte costs: what goes out there and comes in
// here, nothing on one machine (published documentation of copies).
func trafficBetween(from, to DataPlace) string {
	if m := from.subject().Machine; m > 0 && m == to.subject().Machine {
		return "none: both are on machine " + from.subject().Machine.String()
	}
	out, in := vastapi.Unknown[vastapi.PerGB](), vastapi.Unknown[vastapi.PerGB]()
	if from.Instance != nil {
		out = from.Instance.InetUpCost
	}
	if to.Instance != nil {
		in = to.Instance.InetDownCost
	}
	if vastapi.Known(out) && vastapi.Known(in) {
		return fmt.Sprintf("%s: %s out and %s in; how much it is is not known before", perGB(out+in), perGB(out), perGB(in))
	}
	return fmt.Sprintf("out %s, in %s: the host of a volume tells no price of traffic here", perGB(out), perGB(in))
}
