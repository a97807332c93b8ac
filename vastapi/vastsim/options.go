package vastsim

import "time"

// config is what the options set.
type config struct {
	seed      int64
	speed     float64
	offers    int
	maxLimit  int
	limits    bool
	key       string
	credit    float64
	creditSet bool
	empty     bool
	instances int // -1 means the default account
	quiet     bool
	startup   time.Duration // 0 means seeded
	traffic   bool
	troubles  bool
	sshHost   string // where all instances are said to answer ssh, "" = each at its own place
	sshPort   int
	refusal   int
	twoFactor bool
}

// Option sets one property of a World made by New.
type Option func(*config)

// WithSeed chooses which world it is; the same seed and the same clock readings
// give the same answers. The default is 1.
func WithSeed(n int64) Option { return func(c *config) { c.seed = n } }

// WithSpeed sets how many seconds of the world pass in one real second. The
// default is 1; values that are not positive are ignored.
func WithSpeed(x float64) Option {
	return func(c *config) {
		if x > 0 {
			c.speed = x
		}
	}
}

// WithOffers sets how many offers the market starts with, 2,000 by default.
func WithOffers(n int) Option { return func(c *config) { c.offers = max(0, n) } }

// WithMaxLimit caps the `limit` of a search, 1,000 by default; 64 imitates the
// clamp that some users of the service report.
func WithMaxLimit(n int) Option { return func(c *config) { c.maxLimit = max(1, n) } }

// WithRateLimits switches the documented rate limits, which count real seconds
// whatever the speed of the world. They are off by default.
func WithRateLimits(on bool) Option { return func(c *config) { c.limits = on } }

// WithKey sets the only API key that is accepted; by default any key that is
// not empty is.
func WithKey(key string) Option { return func(c *config) { c.key = key } }

// WithCredit sets the spendable dollars the account starts with, 41.20 by
// default.
func WithCredit(usd float64) Option {
	return func(c *config) { c.credit, c.creditSet = usd, true }
}

// WithEmptyAccount leaves out instances and volumes; the credit stays.
func WithEmptyAccount() Option { return func(c *config) { c.empty = true } }

// WithInstances gives the account exactly n running instances, up to 5,000,
// instead of the default ones. More than twenty get credit for a month unless
// WithCredit says otherwise.
func WithInstances(n int) Option {
	return func(c *config) { c.instances = min(max(0, n), 5000) }
}

// WithQuietMarket keeps prices and floors where they start: no offer vanishes,
// no machine goes offline, nobody outbids. Meant for golden screens and
// benchmarks.
func WithQuietMarket() Option { return func(c *config) { c.quiet = true } }

// WithStartup sets how much world time a fresh instance takes from create to
// running; the default is a seeded 40 to 180 seconds.
func WithStartup(d time.Duration) Option { return func(c *config) { c.startup = max(0, d) } }

// WithTraffic switches the network traffic that instances cause and pay for. It
// is on by default; without it the bill is GPU and disk alone.
func WithTraffic(on bool) Option { return func(c *config) { c.traffic = on } }

// WithSSH makes every instance name host and port as where it answers ssh: as its
// direct port, if it has one, and as its proxy. For tests with a real ssh server.
func WithSSH(host string, port int) Option {
	return func(c *config) { c.sshHost, c.sshPort = host, port }
}

// WithRefusal sets the status with which a key is refused that lacks a right: 401, as
// has been seen, or 403, as is documented. The default is 401.
func WithRefusal(status int) Option { return func(c *config) { c.refusal = status } }

// WithTwoFactor makes the account one that has a second factor. It is told, and never
// asked for.
func WithTwoFactor() Option { return func(c *config) { c.twoFactor = true } }
