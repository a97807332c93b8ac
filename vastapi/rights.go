package vastapi

import (
	"slices"
	"strings"
	"time"
)

// Right is a permission group of a key: what a class of requests needs
// (published description of permissions).
type Right string

// The groups that a renter's requests need.
const (
	RightMisc          Right = "misc"           // searching offers and volumes
	RightInstanceRead  Right = "instance_read"  // instances, logs, volumes, deposits
	RightInstanceWrite Right = "instance_write" // renting, managing and destroying instances and volumes
	RightUserRead      Right = "user_read"      // the account, its keys, variables and templates
	RightUserWrite     Right = "user_write"     // changing keys, variables and templates
	RightBillingRead   Right = "billing_read"   // charges and invoices
	RightBillingWrite  Right = "billing_write"  // transferring credit
	RightMachineRead   Right = "machine_read"   // machines and their reports, for hosts
	RightMachineWrite  Right = "machine_write"
	RightTeamRead      Right = "team_read"
	RightTeamWrite     Right = "team_write"
)

// AllRights are the groups, in the order of the published description.
func AllRights() []Right {
	return []Right{
		RightInstanceRead, RightInstanceWrite, RightUserRead, RightUserWrite, RightBillingRead, RightBillingWrite,
		RightMachineRead, RightMachineWrite, RightMisc, RightTeamRead, RightTeamWrite,
	}
}

var rightWords = map[Right]string{
	RightMisc:          "search offers",
	RightInstanceRead:  "see instances and volumes",
	RightInstanceWrite: "rent or change instances and volumes",
	RightUserRead:      "see the account",
	RightUserWrite:     "change keys and variables of the account",
	RightBillingRead:   "see charges and invoices",
	RightBillingWrite:  "transfer credit",
	RightMachineRead:   "see machines and reports about them",
	RightMachineWrite:  "manage machines",
	RightTeamRead:      "see the team",
	RightTeamWrite:     "change the team",
}

// Words says what the group lets do: "rent or change instances and volumes".
func (r Right) Words() string {
	if words, known := rightWords[r]; known {
		return words
	}
	return "do that"
}

// Writes reports whether requests of the group change something.
func (r Right) Writes() bool { return strings.HasSuffix(string(r), "_write") }

// known reports whether r is one of the published groups.
func (r Right) known() bool { _, known := rightWords[r]; return known }

// Grant is what a key was given, as a list of keys tells. The zero Grant is not
// told.
type Grant struct {
	told   bool
	all    bool
	groups []Right
	narrow []Right // groups that hold only for some requests or objects
}

// FullGrant is that of a key that may do everything.
func FullGrant() Grant { return Grant{told: true, all: true} }

// GrantOf is that of a key with these groups and no others.
func GrantOf(groups ...Right) Grant { return Grant{told: true, groups: slices.Clone(groups)} }

// Told reports whether it is known what the key was given.
func (g Grant) Told() bool { return g.told }

// All reports whether the key may do everything.
func (g Grant) All() bool { return g.all }

// Groups are the groups that the key was given, in their published order; none
// when it may do everything or nothing is told.
func (g Grant) Groups() []Right { return slices.Clone(g.groups) }

// Narrow reports whether a group holds for some requests or objects only.
func (g Grant) Narrow(r Right) bool { return slices.Contains(g.narrow, r) }

// Has tells whether the key was given a group; unknown when nothing is told.
func (g Grant) Has(r Right) Flag {
	switch {
	case !g.told:
		return FlagUnknown
	case g.all || slices.Contains(g.groups, r):
		return FlagYes
	}
	return FlagNo
}

// String is "everything", "not told", or the groups: "misc, user_read".
func (g Grant) String() string {
	switch {
	case !g.told:
		return "not told"
	case g.all:
		return "everything"
	case len(g.groups) == 0:
		return "nothing"
	}
	words := make([]string, len(g.groups))
	for n, r := range g.groups {
		words[n] = string(r)
		if g.Narrow(r) {
			words[n] += " (in part)"
		}
	}
	return strings.Join(words, ", ")
}

// Refusal is one thing that the key was refused for lack of rights.
type Refusal struct {
	Right        Right // the group; "" = only the request is known
	Route        Route // what was asked for
	At           time.Time
	SecondFactor bool // the group needs a session with a second factor, whatever the key was given
}

// Refusals are what a key has been refused, as the answers told. A value does not
// change; the zero value is that nothing was refused.
type Refusals struct{ list []Refusal }

// List are the refusals, the oldest first; one for each group and one for each
// request that named none.
func (r Refusals) List() []Refusal { return slices.Clone(r.list) }

// None reports whether nothing was refused.
func (r Refusals) None() bool { return len(r.list) == 0 }

// Of finds the refusal of a group.
func (r Refusals) Of(right Right) (Refusal, bool) {
	return r.find(func(x Refusal) bool { return x.Right == right && right != "" })
}

// OfRoute finds the refusal of a request: of its group, or of it alone.
func (r Refusals) OfRoute(route Route) (Refusal, bool) {
	return r.find(func(x Refusal) bool { return x.Route == route || x.Right != "" && x.Right == route.Right() })
}

func (r Refusals) find(fits func(Refusal) bool) (Refusal, bool) {
	if n := slices.IndexFunc(r.list, fits); n >= 0 {
		return r.list[n], true
	}
	return Refusal{}, false
}

// with adds a refusal; without is what is known once a request of route went
// through.
func (r Refusals) with(x Refusal) Refusals {
	same := func(y Refusal) bool { return y.Right == x.Right && (x.Right != "" || y.Route == x.Route) }
	if n := slices.IndexFunc(r.list, same); n >= 0 {
		return r
	}
	return Refusals{append(slices.Clone(r.list), x)}
}

func (r Refusals) without(route Route) Refusals {
	gone := func(x Refusal) bool { return x.Route == route || x.Right != "" && x.Right == route.Right() }
	if !slices.ContainsFunc(r.list, gone) {
		return r
	}
	return Refusals{slices.DeleteFunc(slices.Clone(r.list), gone)}
}

// routeRights is the group that each request needs (published description of
// permissions); requests that are missing need none, or it is not told.
var routeRights = map[Route]Right{
	RouteSearch: RightMisc, RouteSearchVolumes: RightMisc,
	RouteInstances: RightInstanceRead, RouteInstance: RightInstanceRead, RouteVolumes: RightInstanceRead,
	RouteLogs: RightInstanceRead, RouteKeysOf: RightInstanceRead, RouteIncreases: RightInstanceRead,
	RouteCreate: RightInstanceWrite, RouteManage: RightInstanceWrite, RouteReboot: RightInstanceWrite,
	RouteDestroy: RightInstanceWrite, RouteBid: RightInstanceWrite, RoutePrepay: RightInstanceWrite,
	RouteRecycle: RightInstanceWrite, RouteUpdate: RightInstanceWrite, RouteAccept: RightInstanceWrite,
	RouteReject: RightInstanceWrite, RouteExecute: RightInstanceWrite, RouteAttach: RightInstanceWrite,
	RouteDetach: RightInstanceWrite, RouteEditVolumes: RightInstanceWrite, RouteCopy: RightInstanceWrite,
	RouteUser: RightUserRead, RouteSSHKeys: RightUserRead, RouteTemplates: RightUserRead,
	RouteAPIKeys: RightUserRead, RouteEnvVars: RightUserRead,
	RouteEditKeys: RightUserWrite, RouteEditAPIKeys: RightUserWrite, RouteEditEnvVars: RightUserWrite,
	RouteCharges: RightBillingRead, RouteInvoices: RightBillingRead,
	RouteReports: RightMachineRead,
}

// Right is the group that a request needs, "" when it needs none or none is told.
func (r Route) Right() Right { return routeRights[r] }

// RightOf is the group that carrying out a call needs.
func RightOf(call Call) Right { return routeOf(call).Right() }

// RouteOf is the request that carrying out a call makes.
func RouteOf(call Call) Route { return routeOf(call) }
