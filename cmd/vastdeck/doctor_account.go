package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi"
)

// lookAtKey tells where the key comes from and where one could be kept, and never the key.
func (d *checkup) lookAtKey(ctx context.Context) {
	if d.demo {
		d.put("key", isOK, "", "the demo needs none")
		return
	}
	d.lookAtKeyring(ctx)
	d.lookAtKeyFile()
	d.lookAtOtherKey()
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
	if d.base != vastapi.DefaultBaseURL {
		d.put("server", isWarn, "Leave --url, VAST_URL and url of the profile out to reach the usual one.", "requests go to %s", d.base)
	}
	if d.api == nil {
		d.put("server", isOK, "", "not asked: there is no key to ask with")
		return
	}
	unreadable, unheard := 0, 0
	for _, one := range d.inquiries() {
		bad, went := d.inquire(ctx, one)
		unreadable += bad
		if !went {
			if unheard++; unheard == 2 {
				d.put("server", isBad, "Look at the connection, and at https://status.vast.ai.", "two reads in a row failed: the rest was not tried")
				break
			}
			continue
		}
		unheard = 0
	}
	if unheard < 2 {
		d.lookAtDrift(unreadable)
	}
	d.lookAtClock()
}

// inquiries are the kinds of endpoints that the program lives on.
func (d *checkup) inquiries() []inquiry {
	return []inquiry{
		{"account", func(ctx context.Context) (int, error) {
			user, err := d.api.User(ctx)
			if err == nil {
				d.who = accountID(user)
			}
			return 0, err
		}},
		{"instances", func(ctx context.Context) (int, error) {
			page, err := d.api.Instances(ctx)
			return page.Bad, err
		}},
		{"volumes", func(ctx context.Context) (int, error) {
			list, err := d.api.Volumes(ctx)
			return list.Bad, err
		}},
		{"ssh keys", func(ctx context.Context) (int, error) {
			keys, err := d.api.SSHKeys(ctx)
			d.keys, d.asked = keys, err == nil
			return 0, err
		}},
		{"offers", func(ctx context.Context) (int, error) {
			page, err := d.api.SearchOffers(ctx, vastapi.OfferSearch{Limit: 64})
			return page.Bad, err
		}},
	}
}

// inquire asks once and says how it went; went is false when there was no answer.
func (d *checkup) inquire(ctx context.Context, one inquiry) (bad int, went bool) {
	ctx, cancel := context.WithTimeout(ctx, inquiryLimit)
	defer cancel()
	var mu sync.Mutex
	sent := time.Now()
	ctx = vastapi.WithProgress(ctx, func(p vastapi.Progress) {
		mu.Lock()
		defer mu.Unlock()
		if p.Stage == vastapi.StageSent {
			sent = time.Now() // what was waited for before it is our own pace
		}
	})
	bad, err := one.do(ctx)
	mu.Lock()
	lasted := time.Since(sent)
	mu.Unlock()
	var api *vastapi.Error
	switch {
	case err == nil && lasted > slow:
		d.put("server", isWarn, "Expect the screen to lag behind.", "%s answered in %s", one.what, took(lasted))
	case err == nil:
		d.put("server", isOK, "", "%s answered in %s", one.what, took(lasted))
	case errors.As(err, &api) && api.Kind == vastapi.KindRights:
		d.put("server", isWarn, "", "%s: %s", one.what, api.Sentence())
		return bad, true
	case errors.As(err, &api):
		d.put("server", isBad, "", "%s: %s", one.what, api.Sentence())
	default:
		d.put("server", isBad, "", "%s: %s", one.what, err)
	}
	return bad, err == nil
}

// lookAtDrift tells whether answers had a shape that is not known.
func (d *checkup) lookAtDrift(unreadable int) {
	if unreadable > 0 {
		d.put("answers", isWarn, "The API may have changed: look for a newer version of vastdeck, and send this report.", "%s could not be read and %s left out everywhere", manyOf(unreadable, "row"), map[bool]string{true: "is", false: "are"}[unreadable == 1])
		return
	}
	d.put("answers", isOK, "", "every row could be read")
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
