package offers

import (
	"fmt"
	"slices"
	"strings"

	"vastdeck/tui/feed"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// rentForm is the form for an order; draft is what it is filled with.
func (m *Model) rentForm(env view.Env, o order, draft view.Values) view.Form {
	data, hours := env.Data, m.job()
	desk := rentDesk(env)
	o.onDemand = onDemandOf(o, data)
	return view.Form{
		ID: o.form, Title: rentTitle(o), Button: "Continue to the plan…", Busy: "reading the price again…",
		Intro:  intro(o),
		Fields: m.rentFields(env, o, draft),
		Panel:  func(v view.Values) []view.Pair { return rentPanel(o, v, data, desk, hours) },
		Sum:    func(v view.Values) string { return rentSum(o, v, data) },
		Check:  func(v view.Values) map[string]string { return checkRent(o, v, data) },
		React:  m.reaction(o, data),
		Focus:  o.focus,
		Submit: func(env view.Env, v view.Values) view.Effect { return m.submit(env, m.renting.about(o), v) },
		Closed: func(_ view.Env, v view.Values) view.Effect { return m.closeRent(m.renting.about(o), v) },
		Keys: []view.FormKey{{Key: "ctrl+t", Label: "search templates", Act: func(env view.Env, v view.Values) view.Effect {
			return view.Wait(env.Load.LoadTemplates(nextTemplates(v, env.Data)))
		}}},
	}
}

// about is what the open form is about; another offer may have taken the place
// of one that has left the market.
func (r *renting) about(o order) order {
	if r.open.form == o.form {
		return r.open
	}
	return o
}

func rentTitle(o order) string {
	if len(o.offers) > 1 {
		return fmt.Sprintf("Rent out of %d offers, %s", len(o.offers), kindName(o.kind))
	}
	return fmt.Sprintf("Rent %s, %s", gpu(o.first()), kindName(o.kind))
}

func intro(o order) []view.Pair {
	f := o.first()
	if len(o.offers) > 1 {
		return []view.Pair{
			{Label: "offers", Value: o.extent()},
			{Label: "type", Value: kindWords(o.kind)},
		}
	}
	return []view.Pair{
		{Label: "offer", Value: fmt.Sprintf("%s on machine %s, host %s", f.ID, f.MachineID, f.HostID)},
		{Label: "place", Value: strings.TrimLeft(f.Geolocation.String(), ", ")},
		{Label: "type", Value: kindWords(o.kind)},
	}
}

// kindWords says what a rental type means.
func kindWords(kind vastapi.RentalType) string {
	switch kind {
	case vastapi.Interruptible:
		return "interruptible: runs while your bid is the highest, and is stopped when it is not"
	case vastapi.Reserved:
		return "reserved: rented on demand, then paid ahead for a lower price"
	}
	return "on-demand: yours until you destroy it"
}

// rentFields are all fields; those that do not apply are not shown.
func (m *Model) rentFields(env view.Env, o order, draft view.Values) []view.Field {
	var list []view.Field
	list = append(list, imageFields(env)...)
	list = append(list, launchFields()...)
	list = append(list, m.machineFields(o)...)
	list = append(list, environmentFields()...)
	list = append(list, registryFields()...)
	if !o.several() {
		list = append(list, volumeFields(o, env.Data)...)
	}
	if o.several() {
		list = append(list, countFields(o)...)
	}
	for i := range list {
		if text, ok := draft[list[i].Key]; ok {
			list[i].Value = text
		}
	}
	return m.withCeiling(o, list, env.Data)
}

func is(key string, want ...string) func(view.Values) bool {
	return func(v view.Values) bool { return slices.Contains(want, v[key]) }
}

func imageFields(env view.Env) []view.Field {
	return []view.Field{
		{Key: fTemplate, Label: "template", Section: "What runs", Options: templateOptions(env.Data), Help: templateHelp(env.Data)},
		{Key: fImage, Label: "image", Value: defaultImage, Limit: 1024, Options: imageOptions(env.Data),
			Help: "a docker image, e.g. pytorch/pytorch:latest or nvidia/cuda:12.4.1-devel-ubuntu22.04; with a template it may be empty"},
	}
}

// mostTemplates is how many templates are offered at once.
const mostTemplates = 500

func templateOptions(data *feed.Snapshot) []view.Option {
	var list []view.Option
	for i := range data.Templates.Value.Templates {
		t := &data.Templates.Value.Templates[i]
		if t.Hash == "" || len(list) == mostTemplates {
			continue
		}
		list = append(list, view.Option{Value: t.Hash, Label: figure.Text(t.Name.String()), Help: templateWords(t)})
	}
	return list
}

// templateWords says what a template stands for, in one line.
func templateWords(t *vastapi.Template) string {
	parts := []string{t.Ref().String()}
	opt, err := rental.TemplateOptions(t)
	if run, bad := opt.RunType(); bad == nil && run != "" {
		parts = append(parts, run.Words())
	}
	if ports := opt.Env.Ports(); err == nil && len(ports) > 0 {
		parts = append(parts, fmt.Sprintf("%d ports", len(ports)))
	}
	if vastapi.Known(t.Disk) && t.Disk > 0 {
		parts = append(parts, "disk "+figure.GB(float64(t.Disk)))
	}
	if t.Count > 0 {
		parts = append(parts, "used "+figure.Count(t.Count)+" times")
	}
	if t.Recommended.Yes() {
		parts = append(parts, "recommended")
	}
	return strings.Join(parts, " · ")
}

// nextTemplates is what ctrl+t asks for: what is typed is searched for among
// all; with nothing typed it goes from the recommended to one's own and back.
func nextTemplates(v view.Values, data *feed.Snapshot) vastapi.TemplateQuery {
	typed := strings.TrimSpace(v[fTemplate])
	if _, chosen := templateOf(typed, data); chosen {
		typed = ""
	}
	own := data.User.Value.ID
	switch {
	case typed != "":
		return vastapi.TemplateQuery{Text: typed}
	case data.Templates.Value.Query.Recommended && own != 0:
		return vastapi.TemplateQuery{Creator: own}
	}
	return vastapi.TemplateQuery{Recommended: true}
}

func templateHelp(data *feed.Snapshot) string {
	f := data.Templates
	switch {
	case f.Err != nil:
		return "templates could not be read: " + view.Sentence(f.Err)
	case !f.Told():
		return "optional; templates are being read…"
	case f.Value.Query.Text != "":
		return fmt.Sprintf("optional; %d templates match %q; ctrl+t searches all for what is typed", len(f.Value.Templates), f.Value.Query.Text)
	case f.Value.Query.Creator != 0:
		return fmt.Sprintf("optional; %d of your own; ctrl+t searches all for what is typed, or goes back to the recommended ones", len(f.Value.Templates))
	}
	return fmt.Sprintf("optional; %d recommended ones: ↓ chooses; ctrl+t searches all for what is typed, or shows your own", len(f.Value.Templates))
}

// imageOptions are the images that were rented with before.
func imageOptions(data *feed.Snapshot) []view.Option {
	var list []view.Option
	for _, f := range data.Memory.RentForms {
		if f.Image != "" && !slices.ContainsFunc(list, func(o view.Option) bool { return o.Value == f.Image }) {
			list = append(list, view.Option{Value: f.Image, Help: "used before"})
		}
	}
	return list
}

func launchFields() []view.Field {
	modes := []view.Option{
		{Value: "ssh", Help: "the program in it is yours: you log in with ssh"},
		{Value: "jupyter", Help: "a Jupyter server is started, ssh beside it"},
		{Value: "args", Help: "the image's own entrypoint runs, with arguments; no ssh"},
		{Value: byTemplate, Label: "as the template says"},
	}
	return []view.Field{
		{Key: fLaunch, Label: "run as", Kind: view.Choice, Options: modes, Value: "ssh"},
		{Key: fDirect, Label: "direct", Kind: view.Toggle, Value: view.Yes, When: is(fLaunch, "ssh", "jupyter"), Help: "over the machine's own ports, which is faster; the proxy stays beside it"},
		{Key: fLab, Label: "JupyterLab", Kind: view.Toggle, When: is(fLaunch, "jupyter")},
		{Key: fFolder, Label: "folder", Limit: 256, When: is(fLaunch, "jupyter"), Help: "optional; the folder that Jupyter opens"},
		{Key: fEntrypoint, Label: "entrypoint", Limit: 1024, When: is(fLaunch, "args"), Help: "optional; in place of the image's own"},
		{Key: fArgs, Label: "arguments", Limit: 4048, When: is(fLaunch, "args"), Help: "optional; split and quoted as in a shell, nothing is expanded"},
		{Key: fOnStart, Label: "on start", Kind: view.Lines, Limit: 4048, When: is(fLaunch, "ssh", "jupyter", byTemplate), Help: "optional; a script that runs after every start. ctrl+e opens it in the editor; a paste keeps its lines"},
		{Key: fWrap, Label: "pack it", Kind: view.Toggle, When: tooLong, Help: "the script is too long; packed (gzip, base64) it may fit"},
	}
}

func tooLong(v view.Values) bool {
	return v[fLaunch] != "args" && len(v[fOnStart]) > rental.MaxOnStart
}

func (m *Model) machineFields(o order) []view.Field {
	f := o.first()
	most := o.roomiest().DiskSpace
	list := []view.Field{
		{Key: fDisk, Label: "disk", Section: "The machine", Value: typedNumber(float64(m.job().Disk)), Unit: "GB", Limit: 12,
			Help: fmt.Sprintf("%s to %s; fixed for the life of the instance, billed also while it is stopped", figure.GB(float64(vastapi.MinDisk)), figure.GB(float64(most)))},
		{Key: fName, Label: "name", Value: suggested(o), Limit: rental.MaxName, Help: "to know it again; it can be changed later. Left empty it is " + suggested(o)},
	}
	switch o.kind {
	case vastapi.Interruptible:
		list = append(list, view.Field{Key: fBid, Label: "bid", Unit: "$/h", Limit: 12,
			Help: fmt.Sprintf("for the GPUs of the whole offer; the lowest that runs now is %s, on-demand costs more and is never interrupted", pricing.ShownEnough(f.MinBid))})
	case vastapi.Reserved:
		list = append(list, view.Field{Key: fPrepay, Label: "pay ahead", Unit: "$", Limit: 12,
			Help: "leaves your credit at once, for the lower price; what it comes to is decided by the server"})
	}
	return list
}

func environmentFields() []view.Field {
	return []view.Field{
		{Key: fEnv, Label: "env, ports", Section: "Environment", Limit: 16384, Help: "optional, as docker takes it: -e NAME=VALUE -p 8080:8080 -p 70000-70003:70000-70003/udp -h box, or NAME=VALUE"},
		{Key: fEnvFile, Label: ".env file", Kind: view.File, Limit: 1024, Help: "optional; the path of a file of NAME=VALUE lines, read now and never stored; what is typed above wins"},
	}
}

func registryFields() []view.Field {
	on := func(v view.Values) bool { return v.On(fPrivate) }
	return []view.Field{
		{Key: fPrivate, Label: "private image", Kind: view.Toggle, Help: "the image needs a registry login; it is sent and never stored here"},
		{Key: fRegistry, Label: "registry", Value: "docker.io", Limit: 256, When: on},
		{Key: fLogin, Label: "user", Limit: 256, When: on},
		{Key: fPassword, Label: "password", Kind: view.Secret, Limit: 1024, When: on, Help: "a token that may only read is best"},
	}
}

func volumeFields(o order, data *feed.Snapshot) []view.Field {
	f := o.first()
	options := []view.Option{{Value: noVolume, Label: "none"}}
	for _, v := range data.Volumes.Value.Volumes {
		if v.MachineID == f.MachineID {
			options = append(options, view.Option{Value: v.ID.String(), Label: fmt.Sprintf("%s %s", v.ID, figure.Text(v.Name.String())), Help: figure.GB(float64(v.Size)) + " on this machine"})
		}
	}
	if f.VolumeAsk != 0 {
		options = append(options, view.Option{Value: newVolume, Label: "a new one", Help: fmt.Sprintf("up to %s; it stays, and is billed, when the instance is destroyed", figure.GB(float64(f.VolumeGB)))})
	}
	if len(options) == 1 {
		return nil
	}
	some := func(v view.Values) bool { return v[fVolume] != noVolume }
	return []view.Field{
		{Key: fVolume, Label: "volume", Kind: view.Choice, Options: options},
		{Key: fVolumeSize, Label: "size", Value: "15", Unit: "GB", Limit: 12, When: is(fVolume, newVolume), Help: "fixed for the life of the volume"},
		{Key: fVolumeName, Label: "its name", Limit: 64, When: is(fVolume, newVolume), Help: "optional; letters, digits and _"},
		{Key: fMount, Label: "mounted at", Value: "/data", Limit: 256, When: some, Help: "the folder where it appears"},
	}
}

// templateReaction fills in what a template stands for when one is chosen. What
// was typed stays: only what the form or the template before had put there is
// replaced, and variables that were typed win over the template's.
func (m *Model) templateReaction(form string, data *feed.Snapshot) func(string, view.Values) view.Values {
	return func(key string, v view.Values) view.Values {
		t, ok := templateOf(v[fTemplate], data)
		if key != fTemplate || !ok {
			return nil
		}
		before := view.Values{fImage: defaultImage, fLaunch: "ssh", fDirect: view.Yes, fDisk: typedNumber(float64(m.job().Disk))}
		if m.renting.filled.form == form {
			before = m.renting.filled.values
		}
		now, env := templateValues(&t)
		next := view.Values{}
		for field, text := range now {
			if v[field] == before[field] || v[field] == "" {
				next[field] = text
			}
		}
		if typed, err := rental.ParseEnv(v[fEnv]); err == nil && v[fEnv] != before[fEnv] && env != nil {
			next[fEnv] = env.With(typed).Text()
		}
		m.renting.filled = filledIn{form, now}
		return next
	}
}

// filledIn is what the template that was chosen last put into a form.
type filledIn struct {
	form   string
	values view.Values
}

// templateValues are the fields that a template fills in, and its environment,
// nil when that is not understood.
func templateValues(t *vastapi.Template) (view.Values, rental.Env) {
	opt, err := rental.TemplateOptions(t)
	v := view.Values{
		fImage: opt.Image, fLaunch: opt.Launch.Mode(), fDirect: "", fLab: "", fFolder: opt.Launch.JupyterDir,
		fArgs: rental.QuoteWords(opt.Launch.Args), fOnStart: opt.OnStart, fEnv: "",
	}
	if opt.Launch.Direct {
		v[fDirect] = view.Yes
	}
	if opt.Launch.JupyterLab {
		v[fLab] = view.Yes
	}
	if vastapi.Known(opt.Disk) && opt.Disk > 0 {
		v[fDisk] = typedNumber(float64(opt.Disk))
	}
	if err != nil {
		return v, nil
	}
	v[fEnv] = opt.Env.Text()
	return v, opt.Env
}
