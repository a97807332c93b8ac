package rental

import (
	"context"
	"time"

	"vastdeck/vastapi"
)

// sight is what one look at the account has shown.
type sight struct {
	at      time.Time                                // before the reads: what happened after it may not be in them
	targets map[vastapi.InstanceID]*vastapi.Instance // those that were asked for and exist
	rentals map[string][]*vastapi.Instance           // by token
	partial bool                                     // rows could not be read: what is missing may be there
}

// look reads what has to be known about the given attempts.
func (x *execution) look(list []*attempt) (sight, error) {
	var labels []string
	var ids []vastapi.InstanceID
	for _, a := range list {
		if c, ok := a.step.Call.(vastapi.CreateInstance); ok {
			labels = append(labels, c.Label)
			if a.stage == stageUnknown && a.contract != 0 {
				ids = append(ids, a.contract) // its label may be lost
			}
		} else if id := a.step.Subject.Instance; id != 0 {
			ids = append(ids, id) // what is about the account alone has none
		}
	}
	s := sight{at: time.Now()}
	ctx, cancel := x.reading()
	err := x.lookForLabels(ctx, &s, labels)
	cancel()
	if err != nil {
		return s, err
	}
	s.targets, err = x.instances(ids)
	return s, err
}

// lookForLabels finds rentals by the full labels they were sent with: the list
// can be filtered by nothing else that the sender chooses.
func (x *execution) lookForLabels(ctx context.Context, s *sight, labels []string) error {
	if len(labels) == 0 {
		return nil
	}
	page, err := x.deps.Read.InstancesByLabel(ctx, labels)
	if err != nil {
		return err
	}
	s.partial = page.Bad > 0
	s.rentals = map[string][]*vastapi.Instance{}
	for n := range page.Instances {
		i := &page.Instances[n]
		if _, token := SplitLabel(i.Label.String()); token != "" {
			s.rentals[token] = append(s.rentals[token], i)
		}
	}
	return nil
}

// The intervals that the API asks for between two reads of a kind, and how many
// instances a page of the list has. They decide which way is shorter.
const (
	secondsPerOne  = 2
	secondsPerPage = 1
	perPage        = 25
)

// instances reads the given instances; one that does not exist is not in the
// map. A few are read one by one, many from the list of all.
func (x *execution) instances(ids []vastapi.InstanceID) (map[vastapi.InstanceID]*vastapi.Instance, error) {
	found := make(map[vastapi.InstanceID]*vastapi.Instance, len(ids))
	pages := x.plan.Basis.Size/perPage + 1
	if len(ids) > 1 && len(ids)*secondsPerOne > pages*secondsPerPage {
		if all, err := x.listed(found, ids); all || err != nil {
			return found, err
		}
	}
	for _, id := range ids {
		if found[id] != nil {
			continue
		}
		i, err := x.instance(id)
		if err != nil {
			return nil, err
		}
		if i != nil {
			found[id] = i
		}
	}
	return found, nil
}

// listed takes the given instances out of the list of all. It reports whether
// the list was whole: if rows of it could not be read, one that is missing may
// exist all the same.
func (x *execution) listed(found map[vastapi.InstanceID]*vastapi.Instance, ids []vastapi.InstanceID) (bool, error) {
	ctx, cancel := x.reading()
	defer cancel()
	page, err := x.deps.Read.Instances(ctx)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		if i := findInstance(page.Instances, id); i != nil {
			found[id] = i
		}
	}
	return page.Bad == 0 && len(page.Instances) >= page.Total, nil
}

// instance reads one instance, nil when there is none.
func (x *execution) instance(id vastapi.InstanceID) (*vastapi.Instance, error) {
	ctx, cancel := x.reading()
	defer cancel()
	i, err := x.deps.Read.Instance(ctx, id)
	if vastapi.KindOf(err) == vastapi.KindNotFound {
		return nil, nil
	}
	return i, err
}
