package instances

import (
	"fmt"
	"math"
	"strings"

	"vastdeck/tui/copying"
	"vastdeck/tui/status"
	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
	"vastdeck/vastapi/rental"
)

// spec is one column that the list can show. It knows rows and no table.
type spec struct {
	id, title  string
	help       string // one sentence with the unit
	min, ideal int
	flex       int
	priority   int  // which column goes first when there is no room: the highest; 0 never
	hidden     bool // not shown unless the user chooses it
	outside    bool // somebody else writes it: stands last, where a terminal cannot mix it with figures
	left       bool // aligned at its left
	desc       bool // the largest first when it is chosen for sorting

	num    func(*row) float64
	str    func(*row) string
	cell   func(*row) (string, theme.Class)
	steady func(string) string      // what of a cell is news when it changes, nil = all
	cut    func(string, int) string // makes a cell fit, nil = its beginning
}

// nothing of a cell: what grows by itself, such as an age, is no news.
func ages(string) string { return "" }

// figures makes a column of numbers. Of a group nothing is told.
func figures(id, title, help string, width, priority int, of func(*row) float64, show func(float64) string) spec {
	of = alone(of)
	return spec{
		id: id, title: title, help: help, min: width, ideal: width, priority: priority, desc: true, num: of,
		cell: func(r *row) (string, theme.Class) { return show(of(r)), theme.Plain },
	}
}

// alone tells nothing of a group.
func alone(of func(*row) float64) func(*row) float64 {
	return func(r *row) float64 {
		if r.members != nil {
			return vastapi.Unknown[float64]()
		}
		return of(r)
	}
}

// sums makes a column of dollars an hour, which groups add up.
func sums(id, title, help string, priority int, of func(*vastapi.Instance) vastapi.Rate) spec {
	return spec{
		id: id, title: title, help: help, min: 9, ideal: 9, priority: priority, desc: true,
		num:  func(r *row) float64 { return float64(r.total(of)) },
		cell: func(r *row) (string, theme.Class) { return figure.Rate(float64(r.total(of))), theme.Money },
	}
}

// words makes a column of texts.
func words(id, title, help string, width, ideal, priority int, of func(*row) string) spec {
	return spec{
		id: id, title: title, help: help, min: width, ideal: ideal, priority: priority, left: true, str: of,
		cell: func(r *row) (string, theme.Class) { return figure.Text(of(r)), theme.Plain },
	}
}

func (s spec) hide() spec        { s.hidden = true; return s }
func (s spec) lowestFirst() spec { s.desc = false; return s }
func (s spec) fromOutside() spec { s.outside = true; return s }
func (s spec) flexed(n int) spec { s.flex = n; return s }
func (s spec) aging() spec       { s.steady = ages; return s }
func (s spec) in(class theme.Class) spec {
	cell := s.cell
	s.cell = func(r *row) (string, theme.Class) { t, _ := cell(r); return t, class }
	return s
}

func decimals(n int) func(float64) string {
	return func(v float64) string { return figure.Decimal(v, n) }
}

func idNumber(v float64) string { return strings.ReplaceAll(figure.Decimal(v, 0), ",", "") }

// catalogue lists every column in the order in which they stand by themselves. The
// seven that are shown wherever they fit have the lowest priorities; what somebody
// else may write stands at the end.
func catalogue() []spec {
	list := []spec{
		{id: "id", title: "ID", help: "id of the instance; of a group the number of its instances", min: 9, ideal: 9,
			num: func(r *row) float64 { return math.Abs(float64(r.ID)) }, cell: func(r *row) (string, theme.Class) { return id(r), theme.Accent }},
		{id: "status", title: "Status", help: "how it stands, with how long that lasts: L explains the words and signs", min: 13, ideal: 19, left: true,
			str: func(r *row) string { return r.state.Word }, cell: statusCell, steady: steadyStatus, cut: cutStatus},
		sums("dph", "$/h now", "$/h that it is billed now, its disk included", 0, pricing.Now),
	}
	list = append(list, machineColumns()...)
	list = append(list, loadColumns()...)
	list = append(list, timeColumns()...)
	list = append(list, moneyColumns()...)
	return append(list, textColumns()...)
}

func machineColumns() []spec {
	machine := figures("machine", "Machine", "id of the machine", 8, 3, func(r *row) float64 { return idOf(r.MachineID) }, idNumber).lowestFirst()
	figure := machine.cell
	machine.cell = func(r *row) (string, theme.Class) {
		if r.members != nil {
			return "several", theme.Dim
		}
		return figure(r)
	}
	return []spec{
		machine,
		figures("host", "Host", "id of the owner of the machine", 8, 30, func(r *row) float64 { return idOf(r.HostID) }, idNumber).lowestFirst().hide(),
		figures("reliability", "Rel.", "% of the time that the machine was up", 6, 31, func(r *row) float64 { return r.Reliability * 100 }, figurePercent).hide(),
	}
}

func loadColumns() []spec {
	disk := figures("disk", "Disk", "% of its disk that is in use; from 90 % on it is nearly full", 6, 10, diskUsed, figurePercent)
	disk.cell = func(r *row) (string, theme.Class) {
		v := alone(diskUsed)(r)
		switch {
		case v >= 97:
			return figure.Percent(v), theme.Bad
		case v >= 90:
			return figure.Percent(v), theme.Warn
		}
		return figure.Percent(v), theme.Plain
	}
	return []spec{
		figures("util", "GPU %", "% of load of its GPUs", 6, 5, func(r *row) float64 { return r.GPUUtil }, figurePercent),
		figures("temp", "Temp", "°C of its GPUs", 6, 6, func(r *row) float64 { return r.GPUTemp }, func(v float64) string {
			if !vastapi.Known(v) {
				return figure.Unknown
			}
			return figure.Decimal(v, 0) + " °C"
		}),
		figures("vram", "VRAM", "% of the memory of its GPUs that is in use", 6, 11, vramUsed, figurePercent),
		figures("cpu", "CPU", "% of load of the CPU", 6, 12, func(r *row) float64 { return r.CPUUtil * 100 }, figurePercent),
		figures("ram", "RAM", "% of its memory that is in use", 6, 13, ramUsed, figurePercent),
		disk,
		figures("disk_space", "Disk GB", "GB of disk that are rented", 8, 32, func(r *row) float64 { return float64(r.Disk) }, figure.GB).hide(),
		figures("gpu_ram", "GB/GPU", "GB of memory of one GPU", 7, 33, func(r *row) float64 { return float64(r.GPURAM) }, figure.MiB).hide(),
		figures("down", "Down", "Mbit/s to the machine", 9, 34, func(r *row) float64 { return float64(r.InetDown) }, figure.Mbps).hide(),
		figures("up", "Up", "Mbit/s from the machine", 9, 35, func(r *row) float64 { return float64(r.InetUp) }, figure.Mbps).hide(),
		figures("cuda", "CUDA", "the highest CUDA version that the driver supports", 5, 36, func(r *row) float64 { return r.CUDA }, decimals(1)).hide(),
	}
}

func figurePercent(v float64) string { return figure.Percent(v) }

// When the end of a contract is near, in hours.
const (
	endsSoon   = 72
	endsAtOnce = 24
)

func timeColumns() []spec {
	ends := figures("ends", "Ends", "time until its contract ends: it is stopped for good then", 8, 8, endsIn, nil).lowestFirst().aging()
	ends.cell = func(r *row) (string, theme.Class) {
		switch v := alone(endsIn)(r); {
		case !vastapi.Known(v):
			return figure.Unknown, theme.Dim
		case v <= 0:
			return "over", theme.Bad
		case v < endsAtOnce:
			return figure.Hours(v), theme.Bad
		case v < endsSoon:
			return figure.Hours(v), theme.Warn
		default:
			return figure.Hours(v), theme.Plain
		}
	}
	return []spec{
		figures("uptime", "Uptime", "time since it was rented", 8, 9, uptime, figure.Hours).aging(),
		ends,
		figures("idle", "Idle", "for how long its GPU has not been used, as far as this run has seen", 7, 37, idle, figure.Hours).aging().hide(),
	}
}

// idle is for how many hours the GPU has not been used.
func idle(r *row) float64 {
	if r.idleSince.IsZero() {
		return vastapi.Unknown[float64]()
	}
	return r.at.Sub(r.idleSince).Hours()
}

func moneyColumns() []spec {
	spent := figures("so_far", "$ so far", "what it has cost: each hour at what was billed then; ~ where a part was not seen and is an estimate", 10, 14, soFar, figure.Amount).aging()
	spent.cell = func(r *row) (string, theme.Class) {
		return figure.Accrued(alone(soFar)(r), r.spent.Estimated()), theme.Money
	}
	discount := figures("discount", "Disc.", "% that is taken off its price because it was paid ahead", 6, 38, func(r *row) float64 { return r.Discount * 100 }, figurePercent).hide()
	return []spec{
		sums("run", "$/h run", "$/h that it is billed while it runs", 20, whileRunning).in(theme.Dim).hide(),
		sums("stopped", "$/h stop", "$/h that its disk costs while it is stopped", 21, pricing.Stopped).in(theme.Dim).hide(),
		spent,
		figures("bid", "Bid", "$/h that it bids", 9, 39, func(r *row) float64 {
			if !r.Bid {
				return vastapi.Unknown[float64]()
			}
			return float64(r.DphBase)
		}, figure.Rate).hide(),
		figures("min_bid", "To hold", "$/h that a bid has to reach to run now", 9, 40, func(r *row) float64 { return float64(pricing.Enough(r.MinBid)) }, figure.Rate).hide(),
		figures("deposit", "Deposit", "$ that are left of what was paid ahead", 9, 41, func(r *row) float64 { return float64(r.Deposit) }, figure.Amount).hide(),
		discount,
		words("type", "Type", "how it is rented: on-demand, or bid", 9, 9, 22, kind).hide(),
	}
}

// textColumns are texts that somebody else writes, or that hold such texts.
func textColumns() []spec {
	gpus := words("gpu", "GPU", "number and model of its GPUs", 14, 16, 1, func(r *row) string { return r.GPUName.String() })
	gpus.cell = func(r *row) (string, theme.Class) { return gpu(r), theme.Plain }
	region := words("region", "Region", "where the machine is, as the host says", 8, 18, 2, place).flexed(1)
	region.cut = cutPlace
	return []spec{
		gpus.fromOutside(),
		words("name", "Name", "its name, without the token of the rental", 20, 22, 0, func(r *row) string { return r.name }).flexed(2).in(theme.Strong).fromOutside(),
		region.fromOutside(),
		words("ssh", "ssh", "the line that logs in to it", 20, 34, 15, func(r *row) string {
			if r.members != nil {
				return ""
			}
			return copying.SSHTo(&r.Instance)
		}).in(theme.Link).fromOutside(),
		words("image", "Image", "docker image", 16, 26, 16, func(r *row) string { return r.Image.String() }).flexed(2).in(theme.Dim).fromOutside(),
		words("template", "Template", "template it was made from", 12, 20, 42, func(r *row) string { return r.Template.String() }).in(theme.Dim).hide().fromOutside(),
		words("ports", "Ports", "ports that are open to the outside: of the container → of the machine", 16, 30, 43, portsText).in(theme.Dim).hide().fromOutside(),
		words("message", "Message", "what the host says about it", 20, 40, 44, func(r *row) string { return r.Instance.Status.String() }).in(theme.Dim).hide().fromOutside(),
		words("problem", "Problem", "the worst of what is wrong with it", 20, 50, 45, firstProblem).hide().fromOutside(),
	}
}

func firstProblem(r *row) string {
	if len(r.problems) == 0 {
		return ""
	}
	return string(r.problems[0].Kind) + ": " + r.problems[0].Evidence
}

func portsText(r *row) string {
	var list []string
	for _, p := range r.Ports {
		list = append(list, fmt.Sprintf("%s→%d", p.Container, p.Host))
	}
	return strings.Join(list, " ")
}

// gpu is the number and model of the GPUs; a group adds them up.
func gpu(r *row) string {
	name := figure.Text(r.GPUName.String())
	if r.NumGPUs < 1 {
		return name // nobody rents none: their number is not known
	}
	return fmt.Sprintf("%d× %s", r.NumGPUs, name)
}

// id is the number of an instance, or how many a group has.
func id(r *row) string {
	if r.members != nil {
		return fmt.Sprintf("%d×", len(r.members))
	}
	return r.ID.String()
}

// statusCell is the state of an instance with a sign before it that says how much it
// needs looking at. A group says how many of it run.
func statusCell(r *row) (string, theme.Class) {
	word, sign, class := r.word, status.Glyph(r.state), status.Class(r.state.Class)
	if r.members != nil {
		word = fmt.Sprintf("%s %d/%d", r.state.Word, r.run, len(r.members))
	}
	switch {
	case r.leftover:
		return "✗ LEFTOVER", theme.Bad
	case r.failed != "", len(r.wrong) > 0:
		sign, class = "✗", theme.Bad
	case len(r.problems) > 0 && r.problems[0].Level == rental.Danger:
		sign, class = "✗", theme.Bad
	case len(r.problems) > 0 && r.problems[0].Level == rental.Caution:
		sign, class = "!", theme.Warn
	case r.state.Class == rental.ClassMoving && r.verdict >= rental.VerdictSlow:
		sign, class = "!", verdictClass(r.verdict)
	}
	return sign + " " + word, class
}

// steadyStatus is a status without how long it lasts.
func steadyStatus(text string) string {
	if at := strings.LastIndexByte(text, ' '); at > 0 && at+1 < len(text) && text[at+1] >= '0' && text[at+1] <= '9' && !strings.Contains(text[at:], "/") {
		return text[:at]
	}
	return text
}

// billing is what stands behind the word of what is stopped and bills all the same; the
// others stand for it where there is less room.
const billing = "(billing)"

var billingShort = [...]string{"(bills)", "$"}

// cutStatus leaves out what stands behind the word when there is no room for it: that
// something stopped bills is only made shorter. Of a group it is the word that gives way
// to how many run.
func cutStatus(text string, w int) string {
	sign, rest, _ := strings.Cut(text, " ")
	word, tail, _ := strings.Cut(rest, " ")
	if strings.Contains(tail, "/") {
		return sign + " " + fit.Cut(word, max(1, w-len(tail)-3)) + " " + tail
	}
	if tail == billing {
		for _, short := range billingShort {
			if t := sign + " " + word + " " + short; fit.Width(t) <= w {
				return t
			}
		}
	}
	return sign + " " + word
}

// cutPlace leaves letters of the town out before the country.
func cutPlace(text string, w int) string {
	at := strings.LastIndex(text, ", ")
	if at < 0 || len(text)-at != len(", XX") || w < 6 {
		return text
	}
	return fit.Cut(text[:at], w-len(", XX")) + text[at:]
}
