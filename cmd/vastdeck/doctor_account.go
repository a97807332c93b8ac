package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi"
	"vastdeck/vastapi/tape"
)

// lookAtKey tells where the key comes from and where one could be kept, and never the key.
func (d *checkup) lookAtKey(ctx context.Context) {
	if d.demo {
		d.put("key", isOK, "", "%s needs none", d.instead())
		return
	}
	d.lookAtKeyring(ctx)
	d.lookAtKeyFile()
	d.lookAtOtherKey()
	if d.astray != nil {
		d.put("key", isOK, "", "not looked for: it is kept for a server, and which one is meant is not known")
		return
	}
	request := d.request(false)
	if d.canAsk() {
		request.Passphrase = d.passphrase
	}
	key, source, err := d.secrets.Find(ctx, request)
	var locked *store.ErrKeyFileLocked
	switch {
	case errors.As(err, &locked):
		d.put("key", isWarn, "Run doctor on a terminal to give the passphrase, and the server is looked at as well.", "the key waits for the passphrase of its file")
		return
	case errors.Is(err, store.ErrNoKey), errors.As(err, new(*store.ErrKeyringUnavailable)):
		d.put("key", isWarn, "`vastdeck login` keeps one; `vastdeck --demo` needs none.", "there is none for profile %s at %s, so the account is not looked at", d.opt.profile, d.host)
		return
	case errors.As(err, new(*store.ErrKeyFile)): // what is the matter with it stands above
		d.put("key", isWarn, "Mend the key file as said above, or set VAST_API_KEY.", "there is none but in the key file, which is not read, so the account is not looked at")
		return
	case err != nil:
		d.put("key", isBad, "", "%s", sentenceOf(err))
		return
	}
	d.api, err = d.client(key)
	if err != nil {
		d.put("key", isBad, "", "%s", err)
		return
	}
	d.put("key", isOK, "", "from the %s, for profile %s at %s", source, d.opt.profile, d.host)
}

// lookAtKeyring tells whether the keyring answers, within the limit of the start.
func (d *checkup) lookAtKeyring(ctx context.Context) {
	if d.astray != nil {
		return
	}
	began := time.Now()
	has, err := d.secrets.Reach(ctx, d.opt.profile, d.host)
	var unavailable *store.ErrKeyringUnavailable
	switch {
	case errors.As(err, &unavailable):
		d.put("keyring", isWarn, unavailable.Next, "%s", unavailable.Reason)
	case err != nil:
		d.put("keyring", isBad, "Delete what is kept there with `vastdeck logout` and log in again.", "%s", err)
	case has:
		d.put("keyring", isOK, "", "it answers in %s and has a key for this profile", took(time.Since(began)))
	default:
		d.put("keyring", isOK, "", "it answers in %s and has no key for this profile", took(time.Since(began)))
	}
}

// lookAtKeyFile tells about the encrypted key file, if there is one.
func (d *checkup) lookAtKeyFile() {
	file, err := d.keyFile()
	if err != nil {
		return // the profile's name was refused before
	}
	there, err := file.Check()
	var refused *store.ErrKeyFile
	switch {
	case errors.As(err, &refused):
		d.put("key file", isBad, refused.Next, "%s: %s", refused.Path, refused.Reason)
	case err != nil:
		d.put("key file", isBad, "", "%s", err)
	case there:
		d.put("key file", isOK, "", "%s is encrypted and yours alone", file.Path())
	}
}

// lookAtOtherKey tells whether the official client has a key in the clear.
func (d *checkup) lookAtOtherKey() {
	found, err := store.FindOtherKey(store.OtherKeyPlaces(d.getenv))
	if err != nil {
		return // there is none, or none that is taken for one
	}
	found.Key.Wipe()
	if found.Open {
		d.put("other key", isWarn, "`chmod 600` it, or take it over with `vastdeck login --import` and delete it.", "the official client keeps a key in %s, where other users of this machine can read it", found.Path)
		return
	}
	d.put("other key", isOK, "", "the official client keeps a key in %s; `vastdeck login --import` takes it over", found.Path)
}

// inquiry is one polite read of a kind of endpoint.
type inquiry struct {
	what string
	rows vastapi.Rows // that its answer holds; "" = none that are described
	do   func(context.Context) (bad int, err error)
}

const (
	// inquiryLimit is how long one read may take, its retries included.
	inquiryLimit = 20 * time.Second
	// slow is from when on an answer is.
	slow = 2 * time.Second
	// skewed is from when on the clocks differ too much: the header of an answer is
	// precise to a second.
	skewed = 5 * time.Second
)

// lookAtServer reads once of each kind, at the client's own pace.
func (d *checkup) lookAtServer(ctx context.Context) {
	switch {
	case d.astray != nil:
		d.put("server", isBad, d.whereURL(), "%s", d.astray)
		return
	case d.replay != "":
		d.put("server", isOK, "", "none: the answers are those of the %s", d.replay)
	case d.base != vastapi.DefaultBaseURL:
		d.put("server", isWarn, "Leave --url, VAST_URL and url of the profile out to reach the usual one.", "requests go to %s", d.base)
	}
	if d.api == nil {
		d.put("server", isOK, "", "not asked: there is no key to ask with")
		return
	}
	d.inquireAll(ctx)
	d.lookAtClock()
}

// inquireAll reads once of each kind, for as long as that makes sense.
func (d *checkup) inquireAll(ctx context.Context) {
	unread, unheard := map[vastapi.Rows]int{}, 0
	for _, one := range d.inquiries() {
		bad, err := d.inquire(ctx, one)
		unread[one.rows] += bad
		switch unanswered(err) {
		case keyRefused:
			d.put("server", isBad, "Log in with a key that is good: `vastdeck login`.", "the key is not accepted: the rest was not asked")
			return
		case nobodyThere:
			if unheard++; unheard == 2 {
				d.put("server", isBad, d.nextUnheard(), "two reads in a row failed: the rest was not tried")
				return
			}
		default:
			unheard = 0
		}
	}
	d.lookAtDrift(unread)
}

// failing is what the failure of one read says about the next.
type failing int

const (
	itsOwn      failing = iota // nothing
	nobodyThere                // the next may fail the same way
	keyRefused                 // it will
)

func unanswered(err error) failing {
	switch kind := vastapi.KindOf(err); {
	case err == nil, kind == vastapi.KindRights, kind == vastapi.KindRateLimited, codeOf(err) == tape.CodeNotRecorded:
		return itsOwn
	case kind == vastapi.KindAuth:
		return keyRefused
	}
	return nobodyThere
}

// codeOf is the error code that the server gave, "" when it gave none.
func codeOf(err error) string {
	var api *vastapi.Error
	if errors.As(err, &api) {
		return api.Code
	}
	return ""
}

// whereURL says where an address that is none comes from.
func (d *checkup) whereURL() string {
	switch {
	case d.opt.url != "":
		return "Mend --url, or leave it out to reach the usual server."
	case d.getenv("VAST_URL") != "":
		return "Mend VAST_URL, or unset it to reach the usual server."
	}
	return fmt.Sprintf("Mend url of profile %s in config.toml, or take it out to reach the usual server.", d.opt.profile)
}

// nextUnheard is what to do about a server that does not answer.
func (d *checkup) nextUnheard() string {
	if d.base != vastapi.DefaultBaseURL {
		return "Look whether " + d.base + " is the address that is meant, and whether something answers there."
	}
	return "Look at the connection, and at https://status.vast.ai."
}

// inquiries are the kinds of endpoints that the program lives on.
func (d *checkup) inquiries() []inquiry {
	return []inquiry{
		{"account", vastapi.RowsAccount, func(ctx context.Context) (int, error) {
			user, err := d.api.User(ctx)
			if err == nil {
				d.who = accountID(user)
			}
			return 0, err
		}},
		{"instances", vastapi.RowsInstances, func(ctx context.Context) (int, error) {
			page, err := d.api.Instances(ctx)
			return page.Bad, err
		}},
		{"volumes", vastapi.RowsVolumes, func(ctx context.Context) (int, error) {
			list, err := d.api.Volumes(ctx)
			return list.Bad, err
		}},
		{"ssh keys", "", func(ctx context.Context) (int, error) {
			keys, err := d.api.SSHKeys(ctx)
			d.keys, d.asked = keys, err == nil
			return 0, err
		}},
		{"offers", vastapi.RowsOffers, func(ctx context.Context) (int, error) {
			page, err := d.api.SearchOffers(ctx, vastapi.OfferSearch{Limit: 64})
			return page.Bad, err
		}},
	}
}

// inquire asks once and says how it went.
func (d *checkup) inquire(ctx context.Context, one inquiry) (bad int, err error) {
	ctx, cancel := context.WithTimeout(ctx, inquiryLimit)
	defer cancel()
	var mu sync.Mutex
	sent, stage := time.Now(), vastapi.StageSent
	ctx = vastapi.WithProgress(vastapi.WithShapes(ctx, d.noteShape), func(p vastapi.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if stage = p.Stage; stage == vastapi.StageSent {
			sent = time.Now() // what was waited for before it is our own pace
		}
	})
	bad, err = one.do(ctx)
	mu.Lock()
	lasted, last := time.Since(sent), stage
	mu.Unlock()
	d.putInquiry(one.what, lasted, last, err)
	return bad, err
}

// putInquiry adds the line about one read, which was last heard of in a stage.
func (d *checkup) putInquiry(what string, lasted time.Duration, last vastapi.Stage, err error) {
	var api *vastapi.Error
	recorded := ""
	if d.replay != "" {
		recorded = " when it was recorded"
	}
	switch {
	case err == nil && lasted > slow:
		d.put("server", isWarn, "Expect the screen to lag behind.", "%s answered in %s%s", what, took(lasted), recorded)
	case err == nil:
		d.put("server", isOK, "", "%s answered in %s%s", what, took(lasted), recorded)
	case !errors.As(err, &api):
		d.put("server", isBad, "", "%s: %s", what, err)
	case d.replay != "" && api.Code == tape.CodeNotRecorded:
		d.put("server", isOK, "", "%s: not asked in the recorded session", what)
	case api.Kind == vastapi.KindRights:
		d.put("server", isWarn, "", "%s: %s", what, api.Sentence())
	case api.Kind == vastapi.KindRateLimited:
		d.put("server", isWarn, "", "%s: %s", what, api.Sentence())
	case api.Kind == vastapi.KindTimeout && last != vastapi.StageSent:
		d.put("server", isWarn, "Run doctor again in a minute: programs that use the same key or address share one limit.",
			"%s: the server asks to wait for longer than %s", what, took(inquiryLimit))
	case api.Kind == vastapi.KindServer && api.Status == http.StatusOK:
		d.put("server", isBad, nextDrift, "%s: %s", what, api.Sentence())
	default:
		d.put("server", isBad, "", "%s: %s", what, api.Sentence())
	}
}

// lookAtClock compares the server's clock with this one.
func (d *checkup) lookAtClock() {
	if d.demo {
		return
	}
	if !d.api.Health().Dated {
		d.put("clock", isOK, "", "not compared: the server has not answered")
		return
	}
	skew := d.api.Health().Skew
	ahead := "ahead of"
	if skew > 0 {
		ahead = "behind"
	}
	if skew.Abs() > skewed {
		d.put("clock", isWarn, "Set this machine's clock: ages and the end of rentals are wrong until then.", "this machine's clock is %s %s the server's", took(skew.Abs()), ahead)
		return
	}
	d.put("clock", isOK, "", "as the server's, to some seconds")
}

// took is how long something lasted.
func took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "less than 1ms"
	case d < 10*time.Second:
		return d.Round(time.Millisecond).String()
	}
	return d.Round(time.Second).String()
}
