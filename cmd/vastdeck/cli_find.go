package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// Whatever a verb acts on can be named by its id, or by its name as long as only one
// thing has it.

// findInstance reads the account and gives the instance that arg names.
func (k *account) findInstance(ctx context.Context, arg string) (*vastapi.Instance, error) {
	list, err := k.findInstances(ctx, []string{arg})
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

// findInstances reads the account once and gives the instances that args name, each
// once.
func (k *account) findInstances(ctx context.Context, args []string) ([]vastapi.Instance, error) {
	page, err := k.api.Instances(ctx)
	if err != nil {
		return nil, err
	}
	k.sayUnread(page.Bad)
	k.noteKnown(page.Instances, nil)
	return findAmong(page.Instances, args)
}

// findAmong gives those of the instances that args name, in the order of args and each
// once. A name that several have is a mistake of usage, one that none has a failure.
func findAmong(list []vastapi.Instance, args []string) ([]vastapi.Instance, error) {
	things := make([]thing, len(list))
	for n := range list {
		i := &list[n]
		name, _ := rental.SplitLabel(i.Label.String())
		things[n] = thing{id: i.ID.String(), names: []string{name, i.Label.String()}}
	}
	places, err := look(things, args, "instance", "`vastdeck instances`")
	if err != nil {
		return nil, err
	}
	return picked(list, places), nil
}

// findVolumesAmong gives those of the volumes that args name: by id, as 881, V.881 or
// vol-881, or by name. It is findAmong otherwise.
func findVolumesAmong(list []vastapi.Volume, args []string) ([]vastapi.Volume, error) {
	things := make([]thing, len(list))
	for n := range list {
		things[n] = thing{id: list[n].ID.String(), names: []string{list[n].Name.String()}}
	}
	plain := make([]string, len(args))
	for n, arg := range args {
		plain[n] = arg
		if id, ok := volumeID(arg); ok {
			plain[n] = id.String()
		}
	}
	places, err := look(things, plain, "volume", "`vastdeck volumes`")
	if err != nil {
		return nil, err
	}
	return picked(list, places), nil
}

// volumeMarks stand before the id of a volume where it could be taken for another one:
// as the official client mounts it, and as other tools print it.
var volumeMarks = []string{"vol-", "V."}

// volumeID is the id that a marked argument holds.
func volumeID(arg string) (vastapi.VolumeID, bool) {
	for _, mark := range volumeMarks {
		rest, marked := strings.CutPrefix(arg, mark)
		if id, err := strconv.ParseInt(rest, 10, 64); marked && err == nil && id > 0 {
			return vastapi.VolumeID(id), true
		}
	}
	return 0, false
}

// thing is something that can be named.
type thing struct {
	id    string
	names []string
}

func (t thing) is(arg string) bool { return arg != "" && slices.Contains(t.names, arg) }

// look gives the places of what args name.
func look(things []thing, args []string, noun, see string) ([]int, error) {
	var places []int
	for _, arg := range args {
		place, err := lookOne(things, arg, noun, see)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(places, place) {
			places = append(places, place)
		}
	}
	return places, nil
}

// lookOne finds one thing. An id goes before a name that consists of the same digits.
func lookOne(things []thing, arg, noun, see string) (int, error) {
	if n := slices.IndexFunc(things, func(t thing) bool { return t.id == arg }); n >= 0 {
		return n, nil
	}
	var found []int
	var ids []string
	for n, t := range things {
		if t.is(arg) {
			found, ids = append(found, n), append(ids, t.id)
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		near := ""
		if n := slices.IndexFunc(things, func(t thing) bool {
			return strings.EqualFold(t.names[0], arg) || arg != "" && strings.HasPrefix(t.names[0], arg)
		}); n >= 0 {
			near = "; did you mean " + shownName(things[n].names[0]) + " (" + things[n].id + ")?"
			return 0, failedf("there is no %s %s%s", noun, shownName(arg), near)
		}
		return 0, failedf("there is no %s %s: %s lists what there is.", noun, shownName(arg), see)
	}
	return 0, usagef("%d %ss are called %s: name one by its id, %s.", len(found), noun, shownName(arg), strings.Join(ids, " or "))
}

// shownName is a name as it may stand in a sentence.
func shownName(s string) string {
	if _, err := strconv.ParseInt(s, 10, 64); err == nil {
		return s
	}
	return safetext.Quote(s, 80)
}

func picked[T any](list []T, places []int) []T {
	out := make([]T, len(places))
	for n, place := range places {
		out[n] = list[place]
	}
	return out
}
