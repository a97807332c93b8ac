package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vastdeck/tui/command"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// rentFlags are the flags of rent and bid.
type rentFlags struct {
	changeFlags

	machine  int64
	query    string
	maxPrice float64
	count    int

	image, template, name, user string
	disk                        float64
	env                         []string
	envFile                     string
	onStart, onStartFile        string
	ssh, jupyter, direct, lab   bool
	folder, args, entrypoint    string
	volume                      string
	registry                    registryFlags

	noWait  bool
	waitFor time.Duration

	bids  bool // the verb is bid
	price float64
}

// add adds them to c.
func (f *rentFlags) add(a *app, c *cobra.Command) {
	l := c.Flags()
	l.Int64Var(&f.machine, "machine", 0, "the cheapest offer of the machine with this `ID`")
	l.StringVar(&f.query, "query", "", "the cheapest offer that a `QUERY` of the market admits, see 'vastdeck query'")
	l.StringVar(&f.image, "image", "", "docker `IMAGE`, e.g. pytorch/pytorch:latest; may be left out with --template")
	l.StringVar(&f.template, "template", "", "the `HASH` of a template; what is left out here comes from it")
	l.StringVar(&f.name, "name", "", "the `NAME` of the instance; one is made up when it is left out")
	l.Float64Var(&f.disk, "disk", 0, "disk in `GB`, fixed for good (default: that of the template or of your workload)")
	l.StringArrayVar(&f.env, "env", nil, "a variable `KEY=VALUE`, or variables and ports as for docker: '-e KEY=VALUE -p 8080:8080'; may be given several times")
	l.StringVar(&f.envFile, "env-file", "", "variables from a .env `FILE`; this keeps secrets off the command line")
	l.StringVar(&f.onStart, "onstart", "", "the `SCRIPT` that runs after every start")
	l.StringVar(&f.onStartFile, "onstart-file", "", "the same, from a `FILE`; --plan does not print what is in it")
	l.BoolVar(&f.ssh, "ssh", false, "start ssh; with --direct also on a port of the machine itself")
	l.BoolVar(&f.jupyter, "jupyter", false, "start jupyter, and ssh beside it")
	l.BoolVar(&f.direct, "direct", false, "open ports of the machine itself, beside the proxy (default: --ssh --direct)")
	l.BoolVar(&f.lab, "jupyter-lab", false, "start JupyterLab instead of the notebook")
	l.StringVar(&f.folder, "jupyter-dir", "", "the folder `DIR` that jupyter opens")
	l.StringVar(&f.args, "args", "", "run the image's own entrypoint with these `ARGS`, without ssh")
	l.StringVar(&f.entrypoint, "entrypoint", "", "with --args: `PATH` runs instead of the image's own entrypoint")
	l.StringVar(&f.user, "user", "", "the docker `USER` that everything runs as")
	l.StringVar(&f.volume, "volume", "", "link a volume, `ID:PATH`; without an offer named it is rented on the volume's machine")
	f.registry.add(c)
	l.BoolVar(&f.noWait, "no-wait", false, "do not wait until it runs")
	l.DurationVar(&f.waitFor, "wait-for", 10*time.Minute, "how long to wait until it runs, a `TIME` such as 90s or 10m")
	f.changeFlags.add(c)
	_ = c.RegisterFlagCompletionFunc("query", a.completeQuery)
	alias(c, "machine", "machine_id", "machine-id")
	alias(c, "image", "model")
	for name, other := range map[string]string{
		"env-file": "env_file", "onstart-file": "onstart_file", "jupyter-lab": "jupyter_lab", "jupyter-dir": "jupyter_dir", "no-wait": "no_wait", "wait-for": "wait_for",
	} {
		alias(c, name, other)
	}
	alias(c, "template", "template_hash", "template-hash")
}

// otherNames says under which other names flags are understood.
const otherNames = "Flags may be written with _ for -. --machine_id is --machine."

func (a *app) rentCommand() *cobra.Command {
	f := rentFlags{}
	c := &cobra.Command{
		Use:   "rent [OFFER] --image IMAGE",
		Short: "Rent an offer, the cheapest of a machine, or the cheapest ones of a query",
		Long: "rent rents on demand and prints the instance's id, its price and how to reach it, once it runs.\n" +
			"What is rented is an offer by its id, the cheapest one of --machine, or the cheapest one that\n" +
			"--query and --max-price admit. With --count up to so many are rented, each on another machine;\n" +
			"offers that are gone meanwhile are skipped. Prices are read again before anything is sent, and a\n" +
			"rise refuses it. " + otherNames + " --model is --image.",
		Example: "vastdeck rent 30000123 --image pytorch/pytorch:latest --disk 50\n" +
			"vastdeck rent --machine 123456 --image pytorch:latest --name trainer --onstart-file setup.sh\n" +
			"vastdeck rent --query 'gpu_name=RTX_4090 reliability>0.98' --max-price 0.40 --count 4 --image my/worker --env-file .env --yes",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.rent(c, &f, args) },
	}
	l := c.Flags()
	l.Float64Var(&f.maxPrice, "max-price", 0, "the most that one may cost with its disk, `$/H`")
	l.IntVar(&f.count, "count", 0, "rent up to `N`, each on another machine")
	f.add(a, c)
	alias(c, "max-price", "max_price")
	alias(c, "count", "max_nodes", "max-nodes")
	return c
}

// rent rents what the flags of rent or bid ask for.
func (a *app) rent(c *cobra.Command, f *rentFlags, args []string) error {
	if err := noZero(c, "count", "max_nodes", "max-nodes", "max-price", "max_price", "machine", "machine_id", "machine-id", "disk"); err != nil {
		return a.done(err)
	}
	want, err := f.sought(args)
	if err == nil {
		err = f.registry.check(a.opt)
	}
	if err != nil {
		return a.done(err)
	}
	return a.change(c, &f.changeFlags, func(ctx context.Context, e *errand) ([]rental.Plan, error) {
		p, err := e.planRent(ctx, f, want)
		return []rental.Plan{p}, err
	}, func(ctx context.Context, e *errand) (any, error) { return e.rented(ctx, f.wait(), f.count) })
}

// wait is how long it is waited until what was rented runs, 0 = not at all.
func (f *rentFlags) wait() time.Duration {
	if f.noWait {
		return 0
	}
	return f.waitFor
}

// sought is what is looked for on the market.
func (f *rentFlags) sought(args []string) (sought, error) {
	w := sought{
		machine: vastapi.MachineID(f.machine), query: f.query, most: vastapi.Rate(f.maxPrice), kind: vastapi.OnDemand, byQuery: f.query != "",
	}
	if f.bids {
		w.kind = vastapi.Interruptible
	}
	if len(args) == 1 {
		id, err := positive(args[0])
		if err != nil {
			return w, usagef("an offer is named by its number, not by %s: `vastdeck offers` lists them", safetext.Quote(args[0], 40))
		}
		w.offer = vastapi.OfferID(id)
	}
	ways := 0
	for _, given := range []bool{w.offer != 0, w.machine != 0, w.byQuery} {
		if given {
			ways++
		}
	}
	switch {
	case math.IsNaN(f.maxPrice) || f.maxPrice < 0, f.machine < 0, f.count < 0:
		return w, usagef("--max-price, --machine and --count are above 0")
	case !(f.disk >= 0) || math.IsInf(f.disk, 1):
		return w, usagef("--disk is a number of GB, e.g. 50")
	case f.waitFor < 0:
		return w, usagef("--wait-for is a time such as 10m; --no-wait does not wait at all")
	case f.bids && !(f.price > 0):
		return w, usagef("a bid needs its price, in $ per hour for the whole offer: --price 0.50. Without one it would not be a bid.")
	case ways > 1:
		return w, usagef("name an offer, --machine or --query, one of them")
	case ways == 0 && w.most > 0:
		w.byQuery = true // anything below the price
	case ways == 0 && f.volume == "":
		return w, usagef("say what to rent: the number of an offer, --machine ID or --query QUERY")
	}
	if f.count > 0 && !w.byQuery {
		return w, usagef("--count rents several machines: give a --query or a --max-price to choose them by")
	}
	return w, nil
}

// planRent finds the offers and plans to rent.
func (e *errand) planRent(ctx context.Context, f *rentFlags, w sought) (rental.Plan, error) {
	opt, err := e.options(ctx, f)
	if err != nil {
		return rental.Plan{}, err
	}
	if opt.Volume.Link != 0 && w.offer == 0 && w.machine == 0 && !w.byQuery {
		w.machine = opt.Volume.Machine
	}
	if err := e.rentDesk(ctx); err != nil {
		return rental.Plan{}, err
	}
	e.veiled = f.onStartFile != ""
	found, err := e.find(ctx, w, opt)
	if err != nil {
		return rental.Plan{}, err
	}
	if f.count > 0 {
		if opt.Name == "" {
			opt.Name = rental.SuggestName(&vastapi.Offer{}, uint64(found.list[0].ID))
		}
		return rental.PlanFleet(found.list, found.at, rental.FleetOptions{Rent: opt, Count: f.count, Ceiling: found.ceiling(w.most, f.count, opt)}, e.desk)
	}
	best := found.list[0]
	if opt.Name == "" {
		opt.Name = rental.SuggestName(&best, uint64(best.ID))
	}
	return rental.PlanRent(best, found.at, opt, e.desk)
}

// rentDesk reads what a rent is held against besides.
func (e *errand) rentDesk(ctx context.Context) error {
	memory, _ := openMemory(e.dir).Load()
	e.desk.Hours, e.desk.In, e.desk.Out = memory.Workload.Hours, memory.Workload.In, memory.Workload.Out
	keys, err := e.api.SSHKeys(ctx)
	if err == nil {
		e.desk.SSHKey = vastapi.FlagOf(len(keys) > 0)
	}
	if cancelled(err) {
		return err
	}
	return nil // it is a warning of the plan that this is not known
}

// options reads the flags and the files that they name.
func (e *errand) options(ctx context.Context, f *rentFlags) (rental.RentOptions, error) {
	opt := rental.RentOptions{
		Kind: vastapi.OnDemand, Image: strings.TrimSpace(f.image), Disk: vastapi.GB(f.disk), Name: strings.TrimSpace(f.name),
		User: f.user, Entrypoint: f.entrypoint,
	}
	if f.bids {
		price := vastapi.Rate(f.price)
		opt.Kind, opt.Bid = vastapi.Interruptible, &price
	}
	if err := e.fromTemplate(ctx, f, &opt); err != nil {
		return opt, err
	}
	var err error
	if opt.Env, err = f.environment(); err != nil {
		return opt, err
	}
	if opt.OnStart, err = f.script(); err != nil {
		return opt, err
	}
	if opt.Launch, err = f.launch(); err != nil {
		return opt, err
	}
	if opt.Volume, err = e.volumeChoice(f.volume); err != nil {
		return opt, err
	}
	opt.Login, err = f.registry.login(ctx, e.app, firstOf(opt.Image, opt.Template.Image.String()))
	return opt, err
}

// fromTemplate reads the template that is named. The server fills in what the request
// leaves out, so only its hash and its disk are taken.
func (e *errand) fromTemplate(ctx context.Context, f *rentFlags, opt *rental.RentOptions) error {
	if f.template != "" {
		list, err := e.api.Templates(ctx, vastapi.TemplateQuery{Hash: f.template})
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return failedf("there is no template with the hash %s that this account may use.", safetext.Quote(f.template, 140))
		}
		opt.Template = list[0]
		if opt.Disk == 0 && list[0].Disk > 0 {
			opt.Disk = max(vastapi.MinDisk, list[0].Disk)
		}
	}
	if opt.Image == "" && f.template == "" {
		return usagef("say what shall run: --image NAME or --template HASH")
	}
	if opt.Disk == 0 {
		memory, _ := openMemory(e.dir).Load()
		opt.Disk = max(vastapi.MinDisk, memory.Workload.Disk)
	}
	return nil
}

// environment is the .env file's variables and over them what was typed. What cannot be
// read is named by its place alone: a value may be a secret.
func (f *rentFlags) environment() (rental.Env, error) {
	env := rental.Env{}
	if f.envFile != "" {
		text, err := command.ReadText(f.envFile)
		if err != nil {
			return nil, usagef("--env-file: %s", err)
		}
		if env, err = rental.ParseDotEnv(text); err != nil {
			return nil, usagef("--env-file: %s", err)
		}
	}
	typed, err := rental.ParseEnv(strings.Join(f.env, " "))
	if err != nil {
		return nil, usagef("--env: %s", err)
	}
	return env.With(typed), nil
}

// script is what runs after every start. One that is too long is packed.
func (f *rentFlags) script() (string, error) {
	text := f.onStart
	if f.onStartFile != "" {
		if text != "" {
			return "", usagef("give --onstart or --onstart-file, not both")
		}
		var err error
		if text, err = command.ReadText(f.onStartFile); err != nil {
			return "", usagef("--onstart-file: %s", err)
		}
	}
	if len(text) <= rental.MaxOnStart {
		return text, nil
	}
	packed, err := rental.WrapOnStart(text)
	if err != nil {
		return "", usagef("--onstart: %s", err)
	}
	return packed, nil
}

// launch is how the container is started; nothing chosen is the zero Launch.
func (f *rentFlags) launch() (rental.Launch, error) {
	l := rental.Launch{SSH: f.ssh, Jupyter: f.jupyter, Direct: f.direct, JupyterDir: f.folder, JupyterLab: f.lab}
	if f.direct && !f.jupyter && !f.lab && f.folder == "" && f.args == "" && f.entrypoint == "" {
		l.SSH = true // the port of the machine itself is for ssh then
	}
	if f.args != "" || f.entrypoint != "" {
		args, err := rental.SplitWords(f.args)
		if err != nil {
			return l, usagef("--args: %s", err)
		}
		l.Args = append([]string{}, args...)
	}
	return l, nil
}

// volumeChoice reads ID:PATH.
func (e *errand) volumeChoice(text string) (rental.VolumeChoice, error) {
	if text == "" {
		return rental.VolumeChoice{}, nil
	}
	which, path, has := strings.Cut(text, ":")
	if !has || path == "" {
		return rental.VolumeChoice{}, usagef("--volume is the id of a volume and the folder it appears at, e.g. 881:/data")
	}
	list, err := findVolumesAmong(e.desk.Volumes, []string{which})
	if err != nil {
		return rental.VolumeChoice{}, err
	}
	return rental.VolumeChoice{Link: list[0].ID, Machine: list[0].MachineID, Network: list[0].Network(), Mount: path}, nil
}

// ceiling is what one machine of several may cost at most: what was given, or what the
// dearest of those costs that are sought, with some to fall back on.
func (f found) ceiling(most vastapi.Rate, count int, opt rental.RentOptions) vastapi.Rate {
	if most > 0 {
		return most
	}
	n := min(len(f.list), count+count/2+2)
	dearest := pricing.Offer(&f.list[n-1], opt.Disk).Total()
	return vastapi.Rate(math.Ceil(float64(dearest)*100-1e-9) / 100)
}

// positive reads a number above 0.
func positive(text string) (int64, error) {
	var id int64
	if !digits(text) || len(text) > 15 {
		return 0, fmt.Errorf("%s is no number", safetext.Quote(text, 40))
	}
	for _, r := range text {
		id = id*10 + int64(r-'0')
	}
	if id == 0 {
		return 0, fmt.Errorf("0 is no id")
	}
	return id, nil
}
