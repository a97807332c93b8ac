package offers

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/offerql"
	"vastdeck/vastapi/pricing"
)

// The market's own forms.
const (
	workloadForm = "workload"
	ceilingForm  = "ceiling"
	saveForm     = "save search"
	blockForm    = "block"
	noteForm     = "note"
)

// The largest workload that makes sense; what is above is a slip of the finger.
const (
	mostDisk    = 100_000 // GB
	mostHours   = 10 * 365 * 24
	mostTraffic = 10_000_000 // GB
	mostDays    = 3650
	mostName    = 32  // runes of a search's name
	mostReason  = 120 // runes of a block's reason
	mostNote    = 240 // runes of a note
)

// measured reads a number with one of some units behind it; a bare number has
// the unit whose factor is 1. What is no number is NaN.
func measured(text string, units map[string]float64) float64 {
	text = strings.ToLower(strings.TrimSpace(text))
	factor := 1.0
	for unit, f := range units {
		if rest, ok := strings.CutSuffix(text, unit); ok {
			text, factor = strings.TrimSpace(rest), f
			break
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(v, 0) {
		return math.NaN()
	}
	return v * factor
}

var (
	sizes = map[string]float64{"gb": 1, "tb": 1000}
	spans = map[string]float64{"h": 1, "d": 24, "w": 168}
)

func typedNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// typedJob reads the workload form. What cannot be read is NaN.
func typedJob(v view.Values) pricing.Job {
	return pricing.Job{
		Disk: vastapi.GB(measured(v["disk"], sizes)), Hours: measured(v["hours"], spans),
		In: vastapi.GB(measured(v["in"], sizes)), Out: vastapi.GB(measured(v["out"], sizes)),
	}
}

func checkJob(v view.Values) map[string]string {
	errs := map[string]string{}
	within := func(key string, n, least, most float64, say string) {
		if !(n >= least && n <= most) {
			errs[key] = say
		}
	}
	j := typedJob(v)
	within("disk", float64(j.Disk), 8, mostDisk, "a disk of 8 GB to 100 TB, e.g. 40")
	within("hours", j.Hours, 1.0/60, mostHours, "hours above 0, up to ten years, e.g. 24 or 3d")
	within("in", float64(j.In), 0, mostTraffic, "GB of traffic, 0 for none, e.g. 50")
	within("out", float64(j.Out), 0, mostTraffic, "GB of traffic, 0 for none, e.g. 50")
	return errs
}

// workloadOf is the form in which the workload is set.
func workloadOf(j pricing.Job, example *vastapi.Offer, kind vastapi.RentalType) view.Form {
	f := view.Form{
		ID: workloadForm, Title: "What prices are worked out for", Button: "Use it",
		Intro: []view.Pair{{Label: "used for", Value: "the columns All-in and Job $, the disk that is searched with and the rent form"}},
		Fields: []view.Field{
			{Key: "disk", Label: "disk", Value: typedNumber(float64(j.Disk)), Unit: "GB", Limit: 12, Help: "8 GB to 100 TB; offers with less are not found"},
			{Key: "hours", Label: "hours", Value: typedNumber(j.Hours), Unit: "h", Limit: 12, Help: "how long the job runs, e.g. 24, 3d or 2w"},
			{Key: "in", Label: "traffic in", Value: typedNumber(float64(j.In)), Unit: "GB", Limit: 12, Help: "to the machine: data sets, images, weights"},
			{Key: "out", Label: "traffic out", Value: typedNumber(float64(j.Out)), Unit: "GB", Limit: 12, Help: "from the machine: checkpoints, results"},
		},
		Check: checkJob,
		Submit: func(_ view.Env, v view.Values) view.Effect {
			j := typedJob(v)
			return view.Do(view.Remember{Change: func(m *feed.Memory) {
				m.Workload = feed.Workload{Disk: j.Disk, Hours: j.Hours, In: j.In, Out: j.Out}
			}}, view.FormDone{Form: workloadForm})
		},
	}
	if example != nil {
		o := *example
		f.Panel = func(v view.Values) []view.Pair { return jobPanel(&o, kind, v) }
	}
	return f
}

// jobPanel is what the typed workload comes to on the offer under the cursor.
func jobPanel(o *vastapi.Offer, kind vastapi.RentalType, v view.Values) []view.Pair {
	if len(checkJob(v)) > 0 {
		return nil
	}
	c := pricing.ForJob(o, kind, typedJob(v))
	return []view.Pair{
		{Label: "on this one", Value: gpu(o) + ", " + kindName(kind)},
		{Label: "GPUs", Value: figure.Rate(float64(c.GPU))},
		{Label: "disk", Value: figure.Rate(float64(c.Disk))},
		{Label: "traffic", Value: figure.Amount(float64(c.In)) + " in, " + figure.Amount(float64(c.Out)) + " out"},
		{Label: "all in", Value: figure.Rate(float64(c.AllIn()))},
		{Label: "the job", Value: figure.Amount(float64(c.Total()))},
	}
}

// typedRate reads a price per hour.
func typedRate(text string) vastapi.Rate {
	text = strings.TrimPrefix(strings.TrimSpace(text), "$")
	text = strings.TrimSuffix(strings.TrimSpace(strings.ToLower(text)), "/h")
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil {
		return vastapi.Unknown[vastapi.Rate]()
	}
	return vastapi.Rate(v)
}

// saveOf is the form that keeps a search under a name.
func saveOf(s feed.SavedSearch) view.Form {
	query := s.Query
	if query == "" {
		query = "every offer"
	}
	return view.Form{
		ID: saveForm, Title: "Save this search", Button: "Save",
		Intro:  []view.Pair{{Label: "query", Value: query}, {Label: "type", Value: kindName(s.Kind)}, {Label: "sorted by", Value: figure.Text(s.Sort)}},
		Fields: []view.Field{{Key: "name", Label: "name", Value: s.Name, Limit: mostName, Help: "one that exists already is replaced; ' opens the list"}},
		Check: func(v view.Values) map[string]string {
			if strings.TrimSpace(v["name"]) == "" {
				return map[string]string{"name": "a name to find it by, e.g. cheap 4090"}
			}
			return nil
		},
		Submit: func(_ view.Env, v view.Values) view.Effect {
			s := s
			s.Name = strings.TrimSpace(v["name"])
			return view.Do(
				view.Remember{Change: func(m *feed.Memory) { m.Searches = withSearch(m.Searches, s) }},
				view.Toast{Text: "saved as " + s.Name + ": ' lists what is saved", Level: view.Good},
				view.FormDone{Form: saveForm},
			)
		},
	}
}

// blockOf is the form that hides a machine or its whole host.
func blockOf(o *vastapi.Offer) view.Form {
	machine, host := o.MachineID, o.HostID
	subjects := []view.Option{{Value: "machine", Label: "machine " + machine.String(), Help: "this machine only"}}
	if host > 0 {
		subjects = append(subjects, view.Option{Value: "host", Label: "host " + host.String(), Help: "every machine of this host"})
	}
	return view.Form{
		ID: blockForm, Title: "Hide from the market", Button: "Block",
		Intro: []view.Pair{{Label: "offer", Value: gpu(o)}, {Label: "undo", Value: "X lists what is blocked, D takes a block away"}},
		Fields: []view.Field{
			{Key: "subject", Label: "what", Value: "machine", Kind: view.Choice, Options: subjects, Help: "left and right choose"},
			{Key: "reason", Label: "reason", Limit: mostReason, Help: "optional, for your own memory: slow disk, vanished twice …"},
			{Key: "days", Label: "for", Value: "7", Unit: "days", Limit: 8, Help: "0 until it is taken away"},
		},
		Check: func(v view.Values) map[string]string {
			if d := measured(v["days"], map[string]float64{"d": 1, "w": 7}); !(d >= 0 && d <= mostDays) {
				return map[string]string{"days": "days from 0 (until it is taken away) to ten years, e.g. 7"}
			}
			return nil
		},
		Submit: func(env view.Env, v view.Values) view.Effect {
			b := feed.Block{Machine: machine, Reason: strings.TrimSpace(v["reason"]), Since: env.Now}
			if v["subject"] == "host" {
				b.Machine, b.Host = 0, host
			}
			if d := measured(v["days"], map[string]float64{"d": 1, "w": 7}); d > 0 {
				b.Until = env.Now.Add(time.Duration(d * 24 * float64(time.Hour)))
			}
			return view.Do(
				view.Remember{Change: func(m *feed.Memory) { m.Blocks = withBlock(m.Blocks, b) }},
				view.Toast{Text: blockName(b) + " is hidden: X lists what is blocked", Level: view.Good},
				view.FormDone{Form: blockForm},
			)
		},
	}
}

// sentence is an error of a query as the user reads it.
func sentence(err error) string {
	var e *offerql.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	if e.Suggest != "" {
		return e.Text + ": " + e.Suggest + "?"
	}
	return e.Text
}
