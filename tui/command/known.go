package command

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

// noting is the one topic of what is noted for completion.
const noting Topic = "known"

// KnownNoted answers NoteKnown. Err says why nothing could be noted; nobody is told,
// because only completion in a shell misses something by it.
type KnownNoted struct{ Answer }

// notedLists are what was handed out to be noted last. Lists are replaced whole, so that another
// list is one that begins elsewhere.
type notedLists struct {
	instances []vastapi.Instance
	volumes   []vastapi.Volume
}

// NoteKnown makes the command that notes what the account has, for the completion of ids
// and names in a shell. It is nil when nothing was read since, when nobody notes anything,
// and while something is being noted: what is read meanwhile is noted with the next answer.
func (s *Set) NoteKnown(d *feed.Snapshot) tea.Cmd {
	note := s.cfg.Known
	if note == nil || s.Loads().closed() || s.Busy(noting) {
		return nil
	}
	var now notedLists
	if d.Instances.Told() {
		now.instances = told(d.Instances.Value.Instances)
	}
	if d.Volumes.Told() {
		now.volumes = told(d.Volumes.Value.Volumes)
	}
	if samePlace(now.instances, s.noted.instances) && samePlace(now.volumes, s.noted.volumes) {
		return nil
	}
	s.noted = now
	return Run(s.Runner, noting, func(context.Context) (struct{}, error) {
		return struct{}{}, note(now.instances, now.volumes)
	}, func(a Answer, _ struct{}) tea.Msg { return KnownNoted{Answer: a} })
}

// told is a list that was read: not nil, however short it is.
func told[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// samePlace reports whether two lists are one and the same, or hold nothing both.
func samePlace[T any](a, b []T) bool {
	if (a == nil) != (b == nil) || len(a) != len(b) {
		return false
	}
	return len(a) == 0 || &a[0] == &b[0]
}
