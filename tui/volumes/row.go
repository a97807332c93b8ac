package volumes

import (
	"slices"
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// row is a volume with what is derived from it once per answer.
type row struct {
	vastapi.Volume
	state   state
	holders []holder
	at      time.Time // when all this was so
	problem string    // what is wrong, in a sentence; "" = nothing
	kind    string    // of the problem
}

// holder is an instance that has the volume, running or stopped.
type holder struct {
	id      vastapi.InstanceID
	name    string // "" when it has none, or is not known
	running bool
	known   bool // it is among the account's instances
}

// state is how a volume stands.
type state int

const (
	coming state = iota // it cannot be used yet
	free
	inUse
)

// stateWords are the words of the column Status.
var stateWords = map[state]string{coming: "BEING MADE", free: "FREE", inUse: "IN USE"}

// stateSigns say the same without words and colours.
var stateSigns = map[state]string{coming: "◐", free: "○", inUse: "●"}

var stateClasses = map[state]theme.Class{coming: theme.Accent, free: theme.Warn, inUse: theme.Good}

// created is the word of the API for a volume that can be used.
const created = "created"

// The kinds of problems, as a query can ask for them.
const (
	unused = "unused"
	idle   = "idle"
)

// rowsOf makes the rows of an answer.
func rowsOf(list []vastapi.Volume, instances []vastapi.Instance, at time.Time) []*row {
	holders := holdersOf(list, instances)
	rows := make([]*row, len(list))
	for n := range list {
		rows[n] = rowOf(&list[n], holders, at)
	}
	return rows
}

// holdings are the instances that hold volumes, by their ids and by what they hold.
type holdings struct {
	byID     map[vastapi.InstanceID]*vastapi.Instance
	byVolume map[vastapi.VolumeID][]vastapi.InstanceID
}

// holdersOf looks through instances, of which there may be thousands, for those that hold
// one of the volumes.
func holdersOf(list []vastapi.Volume, instances []vastapi.Instance) holdings {
	h := holdings{byID: map[vastapi.InstanceID]*vastapi.Instance{}, byVolume: map[vastapi.VolumeID][]vastapi.InstanceID{}}
	if len(list) == 0 {
		return h
	}
	named := map[vastapi.InstanceID]bool{}
	for n := range list {
		for _, id := range list[n].Instances {
			named[id] = true
		}
	}
	for n := range instances {
		i := &instances[n]
		if len(i.Volumes) == 0 && !named[i.ID] {
			continue
		}
		h.byID[i.ID] = i
		for _, v := range i.Volumes {
			h.byVolume[v] = append(h.byVolume[v], i.ID)
		}
	}
	return h
}

func rowOf(v *vastapi.Volume, h holdings, at time.Time) *row {
	r := &row{Volume: *v, at: at}
	ids := slices.Clone(v.Instances)
	for _, id := range h.byVolume[v.ID] {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, id := range ids {
		one := holder{id: id}
		if i := h.byID[id]; i != nil {
			one.known, one.running = true, !pricing.Idle(i)
			one.name, _ = rental.SplitLabel(i.Label.String())
		}
		r.holders = append(r.holders, one)
	}
	switch status := strings.TrimSpace(v.Status.String()); {
	case len(r.holders) > 0:
		r.state = inUse
	case status == created:
		r.state = free
	}
	r.kind, r.problem = troubleOf(r)
	return r
}

// troubleOf says what a volume costs for nothing.
func troubleOf(r *row) (kind, text string) {
	switch {
	case r.state == free && r.Network():
		return unused, "it bills unused: D deletes it"
	case r.state == free:
		return unused, "it bills unused: r rents with it, D deletes it"
	case r.state == inUse && !slices.ContainsFunc(r.holders, func(h holder) bool { return h.running || !h.known }):
		return idle, "it bills, and what holds it does not run: a goes there"
	}
	return "", ""
}

// who names the instances that hold it.
func (r *row) who() string {
	var list []string
	for _, h := range r.holders {
		list = append(list, h.text())
	}
	return strings.Join(list, ", ")
}

func (h holder) text() string {
	text := h.name
	if text == "" {
		text = h.id.String()
	}
	if h.known && !h.running {
		text += " (stopped)"
	}
	return text
}

// age is how many hours ago it was made.
func (r *row) age() float64 {
	if r.Start.IsZero() || r.Start.After(r.at) {
		return vastapi.Unknown[float64]()
	}
	return r.at.Sub(r.Start).Hours()
}

// soFar is about what it has cost: the time since it was made at the rate of now.
func (r *row) soFar() float64 {
	h := r.age()
	if !vastapi.Known(h) {
		return h
	}
	return float64(r.Hourly.For(time.Duration(h * float64(time.Hour))))
}

// perGB is what a GB of it costs a month, as told or worked out from the whole.
func (r *row) perGB() float64 {
	if vastapi.Known(r.StorageCost) {
		return float64(r.StorageCost)
	}
	if r.Size > 0 {
		return float64(r.Hourly) * pricing.MonthHours / float64(r.Size)
	}
	return vastapi.Unknown[float64]()
}

// place is where the machine is; what stands before the comma is sometimes empty.
func place(text string) string { return strings.TrimLeft(text, ", ") }

// whereText is what it lies on, for a line of text.
func (r *row) whereText() string {
	switch {
	case r.MachineID > 0:
		return "machine " + r.MachineID.String()
	case r.Network():
		return "network"
	}
	return "machine not told"
}

// kindWord says what kind of volume it is.
func (r *row) kindWord() string {
	switch kind := strings.TrimSpace(r.Kind.String()); {
	case r.Network():
		return "network"
	case kind == "", kind == "machine", strings.Contains(strings.ToLower(kind), "local"):
		return "local"
	default:
		return kind
	}
}
