package instances

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

const formData = "copy data"

// The fields of the form.
const (
	fWay   = "way"
	fOther = "other"
	fFrom  = "from"
	fTo    = "to"
)

// The ways that data goes.
const (
	wayOut    = "out"
	wayIn     = "in"
	wayCancel = "cancel"
)

// workspace is the folder of the provider's images for one's own files.
const workspace = "/workspace"

// mostEnds is how many instances and volumes are offered as the other end.
const mostEnds = 200

// noData says why data of what is chosen cannot be copied to or from another
// instance, or "". Of two that are marked, the first is copied from.
func (c *chances) noData() string {
	if len(c.rows) == 2 && c.single == oneOnly { // marked, not the row of a group
		return c.change
	}
	return firstOf(c.single, c.change)
}

// copyData asks what to copy between an instance and another one, or a volume. The
// service does it, so that neither has to run.
func copyData(env view.Env, rows []*row) view.Effect {
	id := rows[0].ID
	other := ""
	if len(rows) == 2 {
		other = rows[1].ID.String()
	}
	return view.Do(view.Ask{Form: view.Form{
		ID: formData, Title: "Copy data of instance " + id.String(), Button: "Go on…",
		Intro: []view.Pair{
			{Label: "name", Value: nameShown(&rows[0].Instance)},
			{Label: "how", Value: "the service copies by itself, also between instances that are stopped; to and from this machine: p, or the line in y while it is stopped"},
		},
		Fields: []view.Field{
			{Key: fWay, Label: "what", Value: wayOut, Kind: view.Choice, Help: "left and right choose", Options: []view.Option{
				{Value: wayOut, Label: "from it", Help: "to another instance or a volume"},
				{Value: wayIn, Label: "into it", Help: "from another instance or a volume"},
				{Value: wayCancel, Label: "end copies into it", Help: "that go on now"},
			}},
			{Key: fOther, Label: "other end", Value: other, Options: otherEnds(env.Data, id), Help: "id of an instance, or vol-ID", When: movesData},
			{Key: fFrom, Label: "path from", Value: workspace + "/", Limit: vastapi.MaxCopyPath, Help: "a file or folder; with / at its end what is in it", When: movesData},
			{Key: fTo, Label: "path to", Value: workspace + "/", Limit: vastapi.MaxCopyPath, Help: "a folder; never / or /root itself: that changes the rights by which ssh lets you in", When: movesData},
		},
		Check: func(v view.Values) map[string]string { return checkData(env.Data, id, v) },
		Submit: func(env view.Env, v view.Values) view.Effect {
			return confirmData(env, id, v, formData)
		},
	}})
}

func movesData(v view.Values) bool { return v[fWay] != wayCancel }

// otherEnds offers what data can be copied to and from.
func otherEnds(d *feed.Snapshot, id vastapi.InstanceID) []view.Option {
	var volumes, list []view.Option
	for n := range d.Volumes.Value.Volumes {
		v := &d.Volumes.Value.Volumes[n]
		if !v.Network() && len(volumes) < mostEnds/2 {
			volumes = append(volumes, view.Option{Value: "vol-" + v.ID.String(), Help: figure.Text(v.Name.String()) + " · machine " + v.MachineID.String()})
		}
	}
	for n := range d.Instances.Value.Instances {
		i := &d.Instances.Value.Instances[n]
		if len(list) == mostEnds-len(volumes) {
			break
		}
		if i.ID == id || rental.Display(*i).Class == rental.ClassTerminal {
			continue
		}
		list = append(list, view.Option{Value: i.ID.String(), Help: nameShown(i) + " · machine " + i.MachineID.String()})
	}
	return append(list, volumes...)
}

// checkData names what cannot be meant.
func checkData(d *feed.Snapshot, id vastapi.InstanceID, v view.Values) map[string]string {
	if !movesData(v) {
		return nil
	}
	errs := map[string]string{}
	if _, err := endOf(d, v[fOther], ""); err != nil {
		errs[fOther] = err.Error()
	}
	for _, key := range []string{fFrom, fTo} {
		if !strings.HasPrefix(strings.TrimSpace(v[key]), "/") {
			errs[key] = "a path that begins with /, e.g. /workspace/out"
		}
	}
	if len(errs) > 0 {
		return errs
	}
	if _, err := planData(d, id, v, rental.Desk{}); err != nil {
		errs[fieldOfData(err)] = rental.FieldText(err)
	}
	return errs
}

// fieldOfData is the field that a plan's error is about: the paths, or else what is at the
// other end.
func fieldOfData(err error) string {
	var wrong rental.FieldError
	if errors.As(err, &wrong) && wrong.Field != "path" {
		return fOther
	}
	return fTo
}

// endOf is the instance or volume that a text names.
func endOf(d *feed.Snapshot, text, path string) (rental.DataPlace, error) {
	text = strings.TrimSpace(text)
	e := rental.DataPlace{Path: strings.TrimSpace(path)}
	if n, err := strconv.ParseInt(strings.TrimPrefix(text, "C."), 10, 64); err == nil {
		if i, there := d.Instance(vastapi.InstanceID(n)); there {
			e.Instance = &i
			return e, nil
		}
	}
	if id, ok := rental.ParseVolumeID(text); ok {
		if v, there := d.Volume(id); there {
			e.Volume = &v
			return e, nil
		}
	}
	if text == "" {
		return e, errors.New("the id of an instance, or vol-ID: type, and tab completes")
	}
	return e, fmt.Errorf("there is no instance and no volume %s here", safetext.Quote(text, 40))
}

// planData is the plan that a form asks for.
func planData(d *feed.Snapshot, id vastapi.InstanceID, v view.Values, desk rental.Desk) (rental.Plan, error) {
	mine, err := endOf(d, id.String(), v[fFrom])
	if err != nil {
		return rental.Plan{}, err
	}
	if !movesData(v) {
		return rental.PlanCancelCopy(mine, desk)
	}
	other, err := endOf(d, v[fOther], v[fTo])
	if err != nil {
		return rental.Plan{}, err
	}
	if v[fWay] == wayIn {
		mine.Path, other.Path = other.Path, mine.Path
		mine, other = other, mine
	}
	return rental.PlanCopyData(mine, other, desk)
}

func confirmData(env view.Env, id vastapi.InstanceID, v view.Values, form string) view.Effect {
	p, err := planData(env.Data, id, v, env.Desk)
	if err != nil {
		return failed(form, rental.FieldText(err))
	}
	return view.Do(view.Confirm{Plan: p, Form: form, Again: func(env view.Env, form string) view.Effect { return confirmData(env, id, v, form) }})
}
