package rental

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// oneByOne is how many instances a warning names one by one; more are counted.
const oneByOne = 2

func destroyWarnings(targets []vastapi.Instance, leaving int, d Desk) []Warning {
	var w warnings
	w.add(true, Danger, "this cannot be undone: everything on the %s is erased", disks(targets))
	w.leftOut(leaving, "being destroyed")
	w.oldOnes(targets, d)
	w.opened(targets, d)
	w.filledDisks(targets)
	w.keptVolumes(targets, d)
	w.leavingVolumes(targets, d)
	w.copyFirst(targets, d)
	w.uncertain(d)
	return w
}

func disks(targets []vastapi.Instance) string {
	if len(targets) == 1 {
		return "disk"
	}
	return fmt.Sprintf("%d disks", len(targets))
}

// oldOnes tells for how long targets have existed, and warns of those that somebody has
// worked with for a while.
func (w *warnings) oldOnes(targets []vastapi.Instance, d Desk) {
	age := func(i *vastapi.Instance) time.Duration { return d.Now.Sub(i.Start) }
	told := func(i *vastapi.Instance) string { return span(age(i)) }
	known := keepIf(targets, func(i *vastapi.Instance) bool { return !i.Start.IsZero() && age(i) > 0 })
	old := keepIf(known, func(i *vastapi.Instance) bool { return age(i) > longRun })
	switch {
	case len(old) > oneByOne:
		w.add(true, Caution, "%s have existed for more than a day", ofThem(old, targets))
	case len(old) > 0:
		w.each(old, Caution, "#%d has existed for %s", "#%d for %s", told)
	case len(targets) <= oneByOne:
		w.each(known, Note, "#%d has existed for %s", "#%d for %s", told)
	}
}

func (w *warnings) filledDisks(targets []vastapi.Instance) {
	filled := keepIf(targets, func(i *vastapi.Instance) bool { return i.DiskUsed >= bytesUsedMatters })
	if len(filled) > oneByOne {
		var total vastapi.GB
		for n := range filled {
			total += filled[n].DiskUsed
		}
		w.add(true, Caution, "together %s are on the disks of %s", used(total), ofThem(filled, targets))
		return
	}
	w.each(filled, Caution, "#%d has %s on its disk", "#%d has %s", func(i *vastapi.Instance) string { return used(i.DiskUsed) })
}

// volumesOf are the volumes of i: those that it names, and those that name it.
func volumesOf(i *vastapi.Instance, d Desk) []vastapi.VolumeID {
	list := slices.Clone(i.Volumes)
	for n := range d.Volumes {
		v := &d.Volumes[n]
		if slices.Contains(v.Instances, i.ID) && !slices.Contains(list, v.ID) {
			list = append(list, v.ID)
		}
	}
	return list
}

// keptVolumes tells of the volumes of targets that outlive them.
func (w *warnings) keptVolumes(targets []vastapi.Instance, d Desk) {
	stays := func(id vastapi.VolumeID) bool { return !slices.Contains(d.Leaving, id) }
	with := keepIf(targets, func(i *vastapi.Instance) bool { return slices.ContainsFunc(volumesOf(i, d), stays) })
	different := map[vastapi.VolumeID]bool{}
	for n := range with {
		for _, v := range volumesOf(&with[n], d) {
			if stays(v) {
				different[v] = true
			}
		}
	}
	stay := "stays and is billed on"
	if len(different) > 1 {
		stay = "stay and are billed on"
	}
	volumes := counted(len(different), "volume")
	switch len(with) {
	case 0:
	case 1:
		w.add(true, Note, "#%d: its %s %s", with[0].ID, volumes, stay)
	case oneByOne:
		w.add(true, Note, "#%d and #%d: their %s %s", with[0].ID, with[1].ID, volumes, stay)
	default:
		w.add(true, Note, "the %s of %s %s", volumes, ofThem(with, targets), stay)
	}
}

// leavingVolumes names the volumes of targets that are deleted right after them.
func (w *warnings) leavingVolumes(targets []vastapi.Instance, d Desk) {
	for n := range targets {
		i := &targets[n]
		for _, v := range volumesOf(i, d) {
			w.add(slices.Contains(d.Leaving, v), Danger, "#%d: its volume %d does not stay: it is deleted next, with everything on it", i.ID, v)
		}
	}
}

// copyFirst says how to keep what is on disks that no volume is beside: while an
// instance runs, its data can be copied.
func (w *warnings) copyFirst(targets []vastapi.Instance, d Desk) {
	bare := keepIf(targets, func(i *vastapi.Instance) bool {
		return i.DiskUsed >= bytesUsedMatters && len(volumesOf(i, d)) == 0 && !pricing.Idle(i)
	})
	const how = "what is to be kept, such as checkpoints, can be copied to a volume or to this machine first"
	switch {
	case len(bare) == 0:
	case len(targets) == 1:
		w.add(true, Note, "no volume is attached: %s", how)
	default:
		w.add(true, Note, "no volume is attached to %s: %s", ofThem(bare, targets), how)
	}
}

// opened names what leads to targets from this machine: it ends with what runs in them.
func (w *warnings) opened(targets []vastapi.Instance, d Desk) {
	var all Opened
	with := keepIf(targets, func(i *vastapi.Instance) bool {
		o := d.Opened[i.ID]
		all.Sessions, all.Tunnels, all.Copies = all.Sessions+o.Sessions, all.Tunnels+o.Tunnels, all.Copies+o.Copies
		return len(o.parts()) > 0
	})
	if len(with) > oneByOne {
		w.add(true, Caution, "open to %s from here, and ended by this: %s", ofThem(with, targets), strings.Join(all.parts(), ", "))
		return
	}
	for n := range with {
		i := &with[n]
		w.add(true, Caution, "open to #%d %s from here, and ended by this: %s", i.ID, nameOf(i), strings.Join(d.Opened[i.ID].parts(), ", "))
	}
}

// each names the given instances in one line: the first as first says, the others
// as more does.
func (w *warnings) each(list []vastapi.Instance, level Level, first, more string, what func(*vastapi.Instance) string) {
	var parts []string
	for n := range list {
		parts = append(parts, fmt.Sprintf(first, list[n].ID, what(&list[n])))
		first = more
	}
	w.add(len(parts) > 0, level, "%s", strings.Join(parts, ", "))
}

// ofThem counts a part of the targets, which are more than two.
func ofThem(part, all []vastapi.Instance) string {
	if len(part) == len(all) {
		return fmt.Sprintf("all %d", len(all))
	}
	return fmt.Sprintf("%d of them", len(part))
}

// leftOut says how many targets are as wanted already.
func (w *warnings) leftOut(n int, already string) {
	verb := "are"
	if n == 1 {
		verb = "is"
	}
	w.add(n > 0, Note, "%d %s %s already and left out", n, verb, already)
}

func stopWarnings(targets []vastapi.Instance, left, leaving int, d Desk) []Warning {
	var w warnings
	disk := sum(targets, pricing.Stopped)
	w.leftOut(left, "stopped")
	w.leftOut(leaving, "being destroyed")
	w.add(true, Caution, "disk keeps costing %s a day, %s, until destroyed; some hosts ask more while stopped", pricing.Money(disk.Day()), monthly(disk))
	w.add(true, Caution, "the GPU may be taken by somebody else meanwhile; starting again then has to wait for it")
	w.ending(targets, d, "after that there is no starting again")
	w.opened(targets, d)
	w.computing(targets)
	w.copyFirst(targets, d)
	w.uncertain(d)
	return w
}

func startWarnings(targets []vastapi.Instance, left, leaving int, rate vastapi.Rate, d Desk) []Warning {
	var w warnings
	w.leftOut(left, "running")
	w.leftOut(leaving, "being destroyed")
	w.add(true, Note, "when the GPU is taken, the start waits for it; stop cancels that")
	for n := range targets {
		i := &targets[n]
		if s := Display(*i); s.Word == "OUTBID" {
			w.add(true, Caution, "#%d is outbid: %s", i.ID, s.Why)
		}
	}
	w.ending(targets, d, "")
	w.credit(rate, d)
	return w
}

// ending warns of targets whose contracts end soon, and of what that means then.
func (w *warnings) ending(targets []vastapi.Instance, d Desk, then string) {
	list := keepIf(targets, func(i *vastapi.Instance) bool { return !i.End.IsZero() && i.End.Sub(d.Now) < endsSoon })
	if then != "" {
		then = ": " + then
	}
	if len(list) > oneByOne {
		w.add(true, Caution, "the contracts of %s end within %s%s", ofThem(list, targets), span(endsSoon), then)
		return
	}
	first, more := "the contract of #%d ends in %s", "that of #%d in %s"
	if len(list) == oneByOne {
		more += then
	} else {
		first += then
	}
	w.each(list, Caution, first, more, func(i *vastapi.Instance) string { return span(i.End.Sub(d.Now)) })
}
