package rental

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// Numbered are the names that n instances get from one name, counted from first:
// "train" gives train-1, train-2 …, which are a group. The empty name takes the
// names away.
func Numbered(name string, first, n int) []string {
	list := make([]string, n)
	for i := range list {
		if name != "" {
			list[i] = name + "-" + strconv.Itoa(first+i)
		}
	}
	return list
}

// NextNumber is the first number that no instance of the group with the given name
// has, those with an id among without left aside: 1 when the group does not exist.
func NextNumber(instances []vastapi.Instance, name string, without []vastapi.InstanceID) int {
	next := 1
	leave := make(map[vastapi.InstanceID]bool, len(without))
	for _, id := range without {
		leave[id] = true
	}
	for n := range instances {
		i := &instances[n]
		own, _ := SplitLabel(i.Label.String())
		digits, belongs := strings.CutPrefix(own, name+"-")
		if number, err := strconv.Atoi(digits); belongs && err == nil && !leave[i.ID] && number >= next && number < maxNumber {
			next = number + 1
		}
	}
	return next
}

// maxNumber is the greatest number that makes a name one of a group.
const maxNumber = 999

// CheckNumbered says what is wrong with naming n instances after name from first on,
// "" when nothing is.
func CheckNumbered(name string, first, n int) error {
	if first < 1 || first+n-1 > maxNumber {
		return FieldError{"first", fmt.Sprintf("a number from 1 on; the last one would be %d, and %d is the greatest", first+n-1, maxNumber)}
	}
	for _, one := range append(Numbered(name, first, n), name) {
		if text := checkName(one); text != "" {
			return FieldError{"name", text}
		}
	}
	return nil
}

// PlanNumber plans to name targets after name, in their order and counted from first.
// Those that have their name already are left out, with a warning. The tokens in
// their labels stay.
func PlanNumber(targets []vastapi.Instance, name string, first int, d Desk) (Plan, error) {
	d = d.sure()
	left, leaving, err := remaining(targets)
	if err != nil {
		return Plan{}, err
	}
	if err := CheckNumbered(name, first, len(left)); err != nil {
		return Plan{}, err
	}
	names := Numbered(name, first, len(left))
	var changed []vastapi.Instance
	var become, labels []string
	for n := range left {
		old, token := SplitLabel(left[n].Label.String())
		if old == names[n] {
			continue
		}
		label := names[n]
		if token != "" {
			label = Label(names[n], token)
		}
		changed, become, labels = append(changed, left[n]), append(become, names[n]), append(labels, label)
	}
	if len(changed) == 0 {
		return Plan{}, FieldError{"name", errNamed.Error()}
	}
	p := lifecyclePlan("rename", changed, d)
	p.Keep = "Cancel"
	for n := range changed {
		p.addStep(&changed[n], "becomes "+named(become[n]), UndoByRename, vastapi.LabelInstance{ID: changed[n].ID, Label: labels[n]})
	}
	p.Cost = pricing.Between(d.Before(), 0, d.Credit)
	var w warnings
	w.leftOut(len(left)-len(changed), "named so")
	w.leftOut(leaving, "being destroyed")
	p.Warnings = w
	return p, nil
}

var errNamed = errors.New("they have these names already")
