package rental

import (
	"slices"
	"strings"

	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// GroupName is the name of the group that an instance belongs to: its name
// without the number that a fleet gives each of its machines ("train-3" belongs
// to "train"); "" when it has no name.
func GroupName(i *vastapi.Instance) string {
	name, _ := SplitLabel(i.Label.String())
	return baseName(name)
}

// baseName is name without the number behind its last hyphen.
func baseName(name string) string {
	at := strings.LastIndexByte(name, '-')
	if at <= 0 || at == len(name)-1 || len(name)-at > len("-999") {
		return name
	}
	if strings.Trim(name[at+1:], "0123456789") != "" {
		return name
	}
	return name[:at]
}

// Group returns the instances of the group with the given name, in the order
// they were given; those that are being destroyed already are not among them.
// The empty name is no group.
func Group(instances []vastapi.Instance, name string) []vastapi.Instance {
	if name == "" {
		return nil
	}
	return keepIf(instances, func(i *vastapi.Instance) bool {
		return GroupName(i) == name && Display(*i).Class != ClassTerminal
	})
}

// GroupSum is a group in one line.
type GroupSum struct {
	Name      string
	Instances []vastapi.InstanceID
	Will      vastapi.Rate // what all of them will be billed; unknown when one is
	Worst     State        // the state of the one that needs looking at most
}

// Groups lists the groups of two and more instances, by name.
func Groups(instances []vastapi.Instance) []GroupSum {
	at := map[string]int{}
	var all []GroupSum
	for n := range instances {
		i := &instances[n]
		name := GroupName(i)
		if name == "" {
			continue
		}
		k, seen := at[name]
		if !seen {
			k = len(all)
			at[name] = k
			all = append(all, GroupSum{Name: name, Worst: Display(*i)})
		}
		g := &all[k]
		g.Instances = append(g.Instances, i.ID)
		g.Will += pricing.Will(i)
		if s := Display(*i); severity(s.Class) > severity(g.Worst.Class) {
			g.Worst = s
		}
	}
	all = slices.DeleteFunc(all, func(g GroupSum) bool { return len(g.Instances) < 2 })
	slices.SortFunc(all, func(a, b GroupSum) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// Worse reports whether an instance that stands like a needs looking at more than one
// that stands like b.
func Worse(a, b State) bool { return severity(a.Class) > severity(b.Class) }

// severity orders classes by how much they need looking at.
func severity(c Class) int {
	return slices.Index([]Class{ClassTerminal, ClassRunning, ClassMoving, ClassStopped, ClassOther, ClassWaiting, ClassLost, ClassFailed}, c)
}

// PlanDestroyGroup plans to destroy the group with the given name.
func PlanDestroyGroup(instances []vastapi.Instance, name string, d Desk) (Plan, error) {
	targets := Group(instances, name)
	if len(targets) == 0 {
		return Plan{}, errNoGroup
	}
	p, err := PlanDestroy(targets, d)
	if err == nil {
		p.Title += " of the group " + named(name)
	}
	return p, err
}
