package tui

import (
	"context"
	"slices"
	"strings"
	"sync"

	"vastdeck/tui/view"
	"vastdeck/tui/widget/palette"
)

// synonym gives other words to what a label says: those that other programs use for it,
// and those that somebody types who does not know ours.
type synonym struct {
	label string // words of a label in their order, as nameOf writes them; the whole label behind a =
	also  string
}

var synonyms = []synonym{
	// What is done to instances.
	{"rent", "create launch deploy buy order new instance"},
	{"rent-one-like-it", "clone duplicate again"},
	{"start", "run resume boot up power on"},
	{"stop", "halt shutdown down power off"},
	{"destroy", "kill delete remove terminate rm end"},
	{"delete", "destroy kill remove rm"},
	{"=cancel", "abort stop end"},
	{"reboot", "restart reset"},
	{"recycle", "recreate reset pull update restart"},
	{"rename", "label name title tag"},
	{"=image", "edit update template docker environment variables onstart script"},
	{"pay-ahead", "prepay reserve reservation discount"},
	{"price-increases", "accept reject raise host"},
	{"fix-a-problem", "repair solve stuck retry"},
	{"run-a-command", "exec execute shell bash"},
	{"type-a-command", "exec execute"},
	{"=logs", "output tail print"},
	{"open-a-shell", "ssh connect login terminal console"},
	{"shell-in-another", "ssh connect login terminal console"},
	{"=ssh", "shell connect login terminal console"},
	{"ssh-config", "configuration hosts"},
	{"copy-files", "scp rsync upload download transfer sync put get"},
	{"forward-a-port", "tunnel jupyter proxy localhost"},
	{"remember-the-tunnel", "save keep"},
	{"=close", "disconnect hang up end"},
	{"attach-an-ssh-key", "add public authorize"},
	{"find-out-why-ssh-fails", "doctor diagnose debug troubleshoot check"},
	{"doctor", "diagnose debug troubleshoot check"},
	{"forget-the-host-key", "known hosts remove delete"},
	// Bids.
	{"change-the-bid", "raise increase lower price"},
	{"raise-to-hold", "bid outbid increase price"},
	{"new-bid", "rent spot interruptible"},
	{"show-the-bids", "interruptible spot"},
	{"=type", "bid interruptible spot demand reserved"},
	{"on-demand-elsewhere", "replace alternative"},
	// The market.
	{"search", "find query filter"},
	{"filter", "find search query"},
	{"highest-price", "max maximum limit cheaper dollar"},
	{"workload", "hours disk storage runtime traffic"},
	{"compare", "difference versus vs side"},
	{"block", "ban blacklist exclude ignore hide"},
	{"what-is-blocked", "unblock unban blacklist"},
	{"note-about", "comment remark annotate"},
	{"problem-reports", "complaints issues"},
	{"what-it-has-cost-so-far", "history chart graph trend"},
	{"the-default-policy", "reset verified datacenter"},
	{"watches", "watch alert notify availability price drop"},
	{"save-the-search", "store bookmark"},
	{"saved", "bookmarks searches load"},
	{"columns", "fields show hide width layout"},
	{"sort", "order by rank"},
	{"reverse-the-order", "descending ascending"},
	// Money, account, what is known.
	{"export", "csv json save download write"},
	{"charges", "billing bills spent spending history"},
	{"invoices", "bills billing receipts payments"},
	{"credit-over-time", "balance history chart graph runway"},
	{"explain", "why formula breakdown calculation"},
	{"raw-json", "source api response inspect"},
	{"=new-key", "create token add api"},
	{"api-keys", "tokens permissions rights"},
	{"variables", "environment env secrets"},
	{"audit-log", "history security events"},
	{"profiles", "switch accounts context team ctx"},
	{"log-in", "login signin key token"},
	{"log-out", "logout signout exit leave"},
	{"keep-the-key", "save store encrypt passphrase"},
	{"retry", "again repeat redo"},
	{"ask-again", "refresh reload update"},
	{"read-output-again", "refresh reload"},
	{"time-out", "timeout limit"},
	{"live-over-ssh", "follow tail"},
	{"copy", "yank clipboard"},
	{"save", "write export download file"},
	{"=detail", "details show open inspect info"},
	{"mark", "select choose"},
	// Everywhere.
	{"palette", "command commands colon"},
	{"help", "keys shortcuts bindings keyboard"},
	{"refresh-now", "reload update again"},
	{"quit", "exit leave bye close end"},
	{"suspend", "background job"},
	{"notices", "inbox notifications alerts messages unread"},
	{"mouse", "select click copy"},
	{"show-what-is-under-way", "progress running pending plans work"},
	{"=back", "previous return history"},
	{"=forward", "next history"},
}

// viewWords are other words for the views, by their names in the settings.
var viewWords = map[string]string{
	"market": "offers search gpus rent prices", "instances": "machines running servers list", "volumes": "storage disks",
	"bids": "interruptible spot auction", "cost": "billing money spending charges invoices budget burn", "sessions": "ssh connections tunnels shells",
	"activity": "history journal events log operations", "account": "user keys profiles credit balance settings login",
}

// verbWords are other words for the commands of the palette.
var verbWords = map[string]string{
	"machine": "host offer", "instance": "server find go", "query": "search find filter", "rent": "create launch deploy buy new", "bid": "spot interruptible",
	"ctx": "profile account switch context", "theme": "colours colors dark light skin style", "ascii": "plain unicode letters", "mouse": "click select",
	"notices": "inbox notifications alerts messages", "output": "printed result", "help": "keys shortcuts", "doctor": "diagnose check debug", "quit": "exit leave bye q",
}

// usual are the labels of all actions in a program that has just begun, by scope and first
// key; filled in by usualLabel.
var usual struct {
	once   sync.Once
	labels map[[2]string]string
}

// usualLabel is what the label of an action is in a program that has just begun: one that
// says what a key would do now is found by that, too.
func usualLabel(scope, key string) string {
	usual.once.Do(func() {
		usual.labels = map[[2]string]string{}
		for scope, list := range New(context.Background(), Deps{}).catalogue() {
			for _, n := range list {
				usual.labels[[2]string{scope, n.keys[0]}] = n.label
			}
		}
	})
	return usual.labels[[2]string{scope, key}]
}

// wordsFor are other words for an action than those of its label.
func wordsFor(scope string, a view.Action) string {
	label := a.Key.Help().Desc
	names := []string{nameOf(label)}
	if keys := a.Key.Keys(); len(keys) > 0 {
		if also := usualLabel(scope, keys[0]); also != "" && also != label {
			names = append(names, nameOf(also))
		}
	}
	words := slices.Clone(names)
	for _, s := range synonyms {
		if slices.ContainsFunc(names, s.fits) {
			words = append(words, s.also)
		}
	}
	return strings.ReplaceAll(strings.Join(words, " "), "-", " ")
}

// fits reports whether an action of that name is meant.
func (s synonym) fits(name string) bool {
	if whole, exact := strings.CutPrefix(s.label, "="); exact {
		return name == whole
	}
	return strings.Contains("-"+name+"-", "-"+s.label+"-")
}

// entryOf is an action in the palette.
func (m *Model) entryOf(kind, scope string, a view.Action) palette.Entry {
	label := a.Key.Help().Desc
	return palette.Entry{
		Kind: kind, Name: label, Also: m.seek.words(scope, a), About: scope, Key: m.keymap.help(scope, a), Detail: a.Group, Disabled: a.Disabled,
	}
}
