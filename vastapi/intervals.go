package vastapi

import "time"

// Route names the requests that share one minimum interval on the server.
type Route string

// The routes, by what they are for.
const (
	RouteSearch    Route = "search offers"
	RouteInstances Route = "list instances"
	RouteInstance  Route = "show instance"
	RouteVolumes   Route = "list volumes"
	RouteUser      Route = "show user"
	RouteCreate    Route = "create instance"
	RouteManage    Route = "start, stop or label"
	RouteReboot    Route = "reboot instance"
	RouteDestroy   Route = "destroy instance"
	RouteBid       Route = "change bid"
	RoutePrepay    Route = "reserve instance"
	RouteGPUs      Route = "list GPU names"
	RouteReports   Route = "machine reports"
	RouteTemplates Route = "list templates"
	RouteSSHKeys   Route = "list ssh keys"
	RouteRecycle   Route = "recycle instance"
	RouteUpdate    Route = "update instance"
	RouteIncreases Route = "list price increases"
	RouteAccept    Route = "accept price increase"
	RouteReject    Route = "reject price increase"
	RouteLogs      Route = "request logs"
	RouteExecute   Route = "run a command"
	RouteAttach    Route = "attach ssh key"
	RouteDetach    Route = "detach ssh key"
	RouteEditKeys  Route = "add or delete ssh key"
	RouteKeysOf    Route = "list ssh keys of an instance"

	RouteCopy          Route = "copy between instances"
	RouteSearchVolumes Route = "search volume offers"
	RouteEditVolumes   Route = "create, clone or delete volume"
	RouteCharges       Route = "list charges"
	RouteInvoices      Route = "list invoices"

	RouteAPIKeys     Route = "list API keys"
	RouteEditAPIKeys Route = "create or delete API key"
	RouteEnvVars     Route = "list account variables"
	RouteEditEnvVars Route = "change account variables"
	RouteAudit       Route = "list audit log"
	RouteTwoFactor   Route = "show second factor"
)

// Intervals says how requests are spaced. A zero duration means no waiting, so
// the zero Intervals is a client without a pacer; tests shrink the values.
type Intervals struct {
	// Least is the server's minimum between two calls on a route. A route that
	// is missing uses Other. The client adds 2 % of slack.
	Least map[Route]time.Duration
	Other time.Duration
	// CreatePenalty is how long creating rests after a 429 (published as
	// "penalty 12" without further words).
	CreatePenalty time.Duration
	// Between is the least time between any two requests whatever their route;
	// about two a second were measured before the server complains.
	Between time.Duration
	// Reads within any Minute are at most ReadsPerMinute; 0 = no such limit.
	ReadsPerMinute int
	// SearchesPerMinute is what all searches of the program share; 0 = no such
	// limit.
	SearchesPerMinute int
	Minute            time.Duration

	// RetryBase doubles with each failed try of a read up to RetryMax; the wait
	// is a random part of it. RetryAfterMax is how long a request waits at most
	// because the server asks for it: a read fails at once when that is longer,
	// and is not sent before the time has come; a write is sent after it.
	RetryBase, RetryMax, RetryAfterMax time.Duration
	// Pause is how long reads rest after five failures in a row; it doubles up
	// to PauseMax while the one request that is then tried fails again.
	Pause, PauseMax time.Duration

	// Result is the time between two looks for a text that was asked for: a log,
	// what a command prints (official client).
	Result time.Duration
}

// DefaultIntervals returns the published values (x-rate-limit blocks of the
// OpenAPI description; "10 per minute" for searches).
func DefaultIntervals() Intervals {
	return Intervals{
		Least: map[Route]time.Duration{
			RouteSearch:    6 * time.Second,
			RouteInstances: time.Second,
			RouteInstance:  2 * time.Second,
			RouteVolumes:   5500 * time.Millisecond,
			RouteUser:      time.Second,
			RouteCreate:    4500 * time.Millisecond,
			RouteManage:    time.Second,
			RouteReboot:    time.Second,
			RouteDestroy:   3 * time.Second,
			RouteBid:       5500 * time.Millisecond,
			RoutePrepay:    2 * time.Second,
			RouteGPUs:      time.Second,
			RouteReports:   1200 * time.Millisecond,
			RouteTemplates: 3 * time.Second,
			RouteSSHKeys:   time.Second,
			RouteRecycle:   time.Second,
			RouteUpdate:    time.Second,
			RouteIncreases: time.Second,
			RouteAccept:    time.Second,
			RouteReject:    time.Second,
			RouteLogs:      time.Second, // none is published
			RouteExecute:   1500 * time.Millisecond,
			RouteAttach:    time.Second,
			RouteDetach:    2 * time.Second,
			RouteEditKeys:  time.Second,
			RouteKeysOf:    time.Second,

			RouteCopy:          3500 * time.Millisecond,
			RouteSearchVolumes: 5500 * time.Millisecond,
			RouteEditVolumes:   5500 * time.Millisecond,
			RouteCharges:       time.Second,
			RouteInvoices:      3 * time.Second,

			RouteAPIKeys:     time.Second,
			RouteEditAPIKeys: 2 * time.Second,
			RouteEnvVars:     5 * time.Second,
			RouteEditEnvVars: 3 * time.Second,
			RouteAudit:       2 * time.Second,
			RouteTwoFactor:   time.Second, // none is published
		},
		Other:             time.Second,
		CreatePenalty:     12 * time.Second,
		Between:           400 * time.Millisecond,
		ReadsPerMinute:    60,
		SearchesPerMinute: 10,
		Minute:            time.Minute,
		RetryBase:         time.Second,
		RetryMax:          time.Minute,
		RetryAfterMax:     5 * time.Minute,
		Pause:             30 * time.Second,
		PauseMax:          5 * time.Minute,
		Result:            300 * time.Millisecond,
	}
}

// Divided returns the intervals n times as short.
func (i Intervals) Divided(n int) Intervals {
	d := time.Duration(max(n, 1))
	least := make(map[Route]time.Duration, len(i.Least))
	for route, v := range i.Least {
		least[route] = v / d
	}
	i.Least = least
	for _, v := range []*time.Duration{
		&i.Other, &i.CreatePenalty, &i.Between, &i.Minute, &i.RetryBase, &i.RetryMax, &i.RetryAfterMax, &i.Pause, &i.PauseMax, &i.Result,
	} {
		*v /= d
	}
	return i
}

// least is the time between two calls on route with the slack added.
func (i Intervals) least(route Route) time.Duration {
	d, ok := i.Least[route]
	if !ok {
		d = i.Other
	}
	return withSlack(d)
}

// withSlack adds 2 %: the server's clock starts when the request arrives, and
// the second request may travel faster than the first.
func withSlack(d time.Duration) time.Duration { return d + d/50 }

// Limits are the time limits of one request. They start when the pacer lets it
// go. Zero means no limit.
type Limits struct {
	Dial, TLS time.Duration
	Header    time.Duration // reads: from the request written to the answer begun
	Stall     time.Duration // without a byte of the answer
	Total     time.Duration
	Long      time.Duration // total for searches and for creating an instance
}

// DefaultLimits returns the limits of the product.
func DefaultLimits() Limits {
	return Limits{
		Dial:   5 * time.Second,
		TLS:    5 * time.Second,
		Header: 15 * time.Second,
		Stall:  10 * time.Second,
		Total:  30 * time.Second,
		Long:   60 * time.Second,
	}
}

// Sizes of an answer after decompression: a megabyte of gzip can hold a gigabyte.
const (
	maxAnswer    = 8 << 20
	maxTemplates = 64 << 20 // a few thousand rows, each with its readme
	maxOffers    = 128 << 20
	maxResult    = 32 << 20 // a log, or what a command prints
)
