package command

import (
	"errors"
	"math/rand/v2"
	"time"

	"vastdeck/vastapi"
)

// Intervals at which collections are asked for again. They are never under the
// minimum intervals the API documents.
const (
	EveryOffers    = 30 * time.Second
	EveryMotion    = 10 * time.Second // instances, while something is loading or changing
	EverySteady    = 30 * time.Second // instances, steady and looked at
	EveryAway      = 60 * time.Second // instances, unfocused or behind another view
	EveryAccount   = 60 * time.Second // user and volumes
	AfterRefusal   = 90 * time.Second // what the key may not read
	RestAfter      = 15 * time.Minute // instances are not asked for once none has existed for so long
	slowest        = 60 * time.Second // back-off never waits longer
	QuietAfterKey  = 400 * time.Millisecond
	jitterFraction = 0.2
)

// Pace spaces the polls of each topic: its interval, plus up to a fifth of
// jitter so that several copies do not ask in step, doubled up to a minute for
// as long as the server says "too frequent" or does not answer.
type Pace struct {
	rnd   *rand.Rand
	fails map[Topic]int
}

// NewPace returns a Pace with jitter from seed.
func NewPace(seed uint64) *Pace {
	return &Pace{rnd: rand.New(rand.NewPCG(seed, 0x7661_7374)), fails: map[Topic]int{}}
}

// Next is how long to wait before asking for topic again after an answer that
// ended with err.
func (p *Pace) Next(topic Topic, interval time.Duration, err error) time.Duration {
	d := interval
	if err == nil || Cancelled(err) {
		delete(p.fails, topic)
	} else {
		p.fails[topic]++
		var e *vastapi.Error
		if errors.As(err, &e) {
			d = max(d, e.Wait)
		}
		if vastapi.KindOf(err) == vastapi.KindRights {
			return p.jittered(max(d, AfterRefusal)) // refused again, until somebody gives the key more rights
		}
		most := max(slowest, d) // never sooner than the server asks, however long that is
		for range p.fails[topic] {
			d = min(d*2, most)
		}
	}
	return p.jittered(d)
}

func (p *Pace) jittered(d time.Duration) time.Duration {
	return d + time.Duration(p.rnd.Float64()*jitterFraction*float64(d))
}

// Mended makes earlier failures of topic count no longer.
func (p *Pace) Mended(topic Topic) { delete(p.fails, topic) }
