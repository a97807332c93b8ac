package sessions

import (
	"fmt"
	"path"
	"strings"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// The forms of a copy: what is to be copied, and whether it is worth it.
const (
	copyForm  = "copy files"
	copyAgree = "copy files, its cost"
)

// The fields of the form.
const (
	fDirection = "direction"
	fHere      = "here"
	fThere     = "there"
	fAgree     = "agree"
	up         = "up"
	down       = "down"
)

// workspace is the folder of the provider's images for one's own files.
const workspace = "/workspace/"

// askCopy asks what to copy to or from an instance.
func (m *Model) askCopy(env view.Env, id vastapi.InstanceID) view.Effect {
	i, there := env.Data.Instance(id)
	if !there {
		return gone(id)
	}
	if why := unreachable(env, &i); why != "" {
		return view.Do(view.Toast{Text: called(env, id) + ": " + why, Level: view.Warn})
	}
	return view.Do(view.Ask{Form: m.copyFormOf(i)})
}

func (m *Model) copyFormOf(i vastapi.Instance) view.Form {
	v := m.drafts[i.ID]
	return view.Form{
		ID: copyForm, Title: "Copy files to or from " + title(&i), Button: "Measure it…", Busy: "measuring how much it is…",
		Intro: []view.Pair{{Label: "instance", Value: i.ID.String()}, {Label: "next", Value: "how many bytes it is, how long it takes and what the traffic costs is asked about before anything is copied"}},
		Fields: []view.Field{
			{Key: fDirection, Label: "direction", Value: orElse(v[fDirection], up), Kind: view.Choice, Help: "left and right choose", Options: []view.Option{
				{Value: up, Label: "up", Help: "from this machine to the instance"}, {Value: down, Label: "down", Help: "from the instance to this machine"}}},
			{Key: fHere, Label: "path here", Value: v[fHere], Limit: 4096, Help: "up: a file or folder of this machine, e.g. ~/data; down: the folder into which it is put"},
			{Key: fThere, Label: "path there", Value: orElse(v[fThere], workspace), Limit: 4096,
				Help: "up: the folder into which it is put, which is made if it is missing; down: a file or folder. Never copy to / or /root itself: that changes the rights by which ssh lets you in"},
		},
		Panel: func(v view.Values) []view.Pair { return copyPanel(&i, v) },
		Check: checkCopy,
		Submit: func(env view.Env, v view.Values) view.Effect {
			m.drafts[i.ID] = v
			cmd := env.Load.SizeCopy(i, typedCopy(&i, v))
			if cmd == nil {
				return view.Do(view.FormFailed{Form: copyForm, Text: "this is being measured already: wait a moment"})
			}
			m.sizing = i.ID
			return view.Wait(cmd)
		},
		Closed: func(env view.Env, v view.Values) view.Effect {
			m.drafts[i.ID] = v
			if m.sizing != 0 {
				env.Load.GiveUp(command.SizeCopyTopic(m.sizing))
				m.sizing = 0
			}
			return view.Effect{}
		},
	}
}

func typedCopy(i *vastapi.Instance, v view.Values) remote.CopyJob {
	return remote.CopyJob{Instance: i.ID, Up: v[fDirection] != down, Local: strings.TrimSpace(v[fHere]), Remote: strings.TrimSpace(v[fThere])}
}

// checkCopy names paths that cannot be meant.
func checkCopy(v view.Values) map[string]string {
	errs := map[string]string{}
	here, there := strings.TrimSpace(v[fHere]), strings.TrimSpace(v[fThere])
	if here == "" {
		errs[fHere] = "a path on this machine, e.g. ~/data"
	}
	source := remote.CopyJob{Up: v[fDirection] != down, Local: here, Remote: there}
	from := fHere
	if source.Up {
		source.Remote = workspace
	} else {
		source.Local, from = ".", fThere
	}
	if err := source.Check(); err != nil && errs[from] == "" {
		errs[from] = err.Error()
	}
	switch {
	case there == "":
		errs[fThere] = "a path in the instance, e.g. /workspace/data"
	case v[fDirection] != down && isRoot(there):
		errs[fThere] = "not / and not /root itself: that changes the rights by which ssh lets you in; take a folder, e.g. /workspace"
	case v[fDirection] == down && path.Clean(there) == "/":
		errs[fThere] = "not all of the instance: take a folder, e.g. /workspace"
	}
	return errs
}

// isRoot reports whether a path is the root folder or the home folder of root,
// however it is written.
func isRoot(p string) bool {
	if p == "~" || strings.HasPrefix(p, "~/") {
		p = "/root/" + strings.TrimPrefix(p, "~")
	}
	if !strings.HasPrefix(p, "/") {
		p = "/root/" + p // where ssh begins
	}
	switch path.Clean(p) {
	case "/", "/root":
		return true
	}
	return false
}

func copyPanel(i *vastapi.Instance, v view.Values) []view.Pair {
	job := typedCopy(i, v)
	list := []view.Pair{{Label: "traffic", Value: trafficPrice(i, job.Up)}}
	if len(checkCopy(v)) == 0 {
		list = append(list, view.Pair{Label: "becomes", Value: safetext.Clean(job.Lands(), 300)})
	}
	if job.Up {
		list = append(list, view.Pair{Label: "disk", Value: diskText(i)})
	}
	return list
}

// trafficPrice is what a gigabyte costs in the direction of a copy. What goes up
// from here comes down there.
func trafficPrice(i *vastapi.Instance, up bool) string {
	price := priceOf(i, up)
	switch {
	case !vastapi.Known(price):
		return "its price is not known: the instance does not tell it"
	case price == 0:
		return "free"
	}
	return fmt.Sprintf("$%s a GB, besides the rent", figure.Decimal(float64(price), 4))
}

func priceOf(i *vastapi.Instance, up bool) vastapi.PerGB {
	if up {
		return i.InetDownCost
	}
	return i.InetUpCost
}

// bytesOfGB is a gigabyte of traffic as it is billed.
const bytesOfGB = 1e9

// trafficCost is what bytes cost; NaN when the price is not known.
func trafficCost(i *vastapi.Instance, up bool, n int64) float64 {
	return float64(priceOf(i, up)) * float64(n) / bytesOfGB
}

func trafficText(i *vastapi.Instance, up bool, n int64) string {
	price := priceOf(i, up)
	switch {
	case !vastapi.Known(price):
		return "what it costs is not known: the instance does not tell its price"
	case price == 0:
		return "free"
	case n == 0:
		return "$0.00"
	}
	cost := trafficCost(i, up, n)
	if cost < 0.01 {
		return "under $0.01"
	}
	return figure.Amount(cost)
}

func diskText(i *vastapi.Instance) string {
	free := float64(i.Disk) - float64(i.DiskUsed)
	if !vastapi.Known(vastapi.GB(free)) {
		return figure.GB(float64(i.Disk)) + " rented, how much of it is free is not told"
	}
	return figure.GB(free) + " of " + figure.GB(float64(i.Disk)) + " are free"
}

// copySized asks whether to copy what was measured.
func (m *Model) copySized(env view.Env, s command.CopySized) view.Effect {
	id := s.Instance.ID
	if m.sizing != id {
		return view.Effect{}
	}
	m.sizing = 0
	if s.Err != nil {
		m.troubled = id
		return view.Do(view.FormFailed{Form: copyForm, Text: ended(safetext.Clean(view.Sentence(s.Err), 300))})
	}
	i, there := env.Data.Instance(id)
	if !there {
		return view.Join(view.Do(view.FormDone{Form: copyForm}), gone(id))
	}
	return view.Do(view.FormDone{Form: copyForm}, view.Ask{Form: m.agreeForm(&i, s)})
}

// agreeForm says what a copy is and costs, and asks. An answer opened it, so that
// enter alone, which may have been meant for something else, copies nothing.
func (m *Model) agreeForm(i *vastapi.Instance, s command.CopySized) view.Form {
	id := i.ID
	return view.Form{
		ID: copyAgree, Title: agreeTitle(i, s.Job), Button: "Go on", Intro: agreeFacts(i, s),
		Fields: []view.Field{{Key: fAgree, Label: "copy it", Kind: view.Choice, Help: "left and right choose",
			Options: []view.Option{{Value: "no", Label: "no, back to the form"}, {Value: "yes", Label: "yes, copy it"}}}},
		Submit: func(env view.Env, v view.Values) view.Effect {
			done := view.Do(view.FormDone{Form: copyAgree})
			if v[fAgree] != "yes" {
				return view.Join(done, m.askCopy(env, id))
			}
			fresh, there := env.Data.Instance(id)
			if !there {
				return view.Join(done, gone(id))
			}
			s.Instance = fresh
			delete(m.drafts, id)
			done.Cmd = env.Load.StartCopy(s)
			return view.Join(done, view.Do(view.Toast{Text: "copying: the sessions (6) show how far it is, x ends it there"}))
		},
		Closed: func(env view.Env, _ view.Values) view.Effect { return m.askCopy(env, id) },
	}
}

func agreeTitle(i *vastapi.Instance, j remote.CopyJob) string {
	if j.Up {
		return "Copy " + base(j.Local) + " to " + title(i)
	}
	return "Copy " + base(j.Remote) + " from " + title(i)
}

func agreeFacts(i *vastapi.Instance, s command.CopySized) []view.Pair {
	from, to := safetext.Clean(s.Job.Local, 300), safetext.Clean(s.Job.Lands(), 300)+", in the instance"
	if !s.Job.Up {
		from, to = safetext.Clean(s.Job.Remote, 300)+", in the instance", safetext.Clean(s.Job.Lands(), 300)
	}
	amount := size(s.Size.Bytes) + " in " + figure.Plural(s.Size.Files, "file")
	if s.Size.Partial {
		amount = "more than " + amount + ": counting all of it took too long"
	}
	cost := trafficText(i, s.Job.Up, s.Size.Bytes)
	if s.Size.Partial && priceOf(i, s.Job.Up) > 0 {
		cost = "more than " + cost
	}
	list := []view.Pair{
		{Label: "from", Value: from}, {Label: "to", Value: to},
		{Label: "how much", Value: amount, Warn: s.Size.Partial},
		{Label: "takes", Value: takes(i, s)},
		{Label: "traffic", Value: cost, Warn: !vastapi.Known(priceOf(i, s.Job.Up))},
	}
	if text := s.Size.Links.Links(); text != "" {
		list = append(list, view.Pair{Label: "links", Value: text, Warn: s.Size.Links.LeftOut > 0})
	}
	if free := float64(i.Disk) - float64(i.DiskUsed); s.Job.Up && float64(s.Size.Bytes)/bytesOfGB > free {
		list = append(list, view.Pair{Label: "disk", Value: "only " + figure.GB(max(0, free)) + " are free there: it will not fit", Warn: true})
	}
	return list
}

// takes says how long a copy takes at best: the machine's line is known, the one
// from here is not.
func takes(i *vastapi.Instance, s command.CopySized) string {
	line := i.InetUp
	if s.Job.Up {
		line = i.InetDown
	}
	if !vastapi.Known(line) || line <= 0 {
		return "not known: the instance does not tell how fast its line is"
	}
	seconds := float64(s.Size.Bytes) * 8 / (float64(line) * 1e6)
	return within(time.Duration(seconds*float64(time.Second))) + " at the machine's " + figure.Mbps(float64(line)) + ", longer when the line here is slower"
}
