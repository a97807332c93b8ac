package vastapi

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"
)

// Sentence says what went wrong and what to do next, for the user.
func (e *Error) Sentence() string {
	switch e.Kind {
	case KindAuth:
		return e.authSentence()
	case KindRights:
		return e.rightsSentence()
	case KindNotFound:
		return e.with("Vast.ai knows no such object") + " It may be gone already; refresh the list."
	case KindGone:
		return "This offer is no longer available. Search again and choose another."
	case KindRateLimited:
		return e.limitedSentence()
	case KindCredit:
		return e.with("The account's credit does not allow this") + " Add credit at https://cloud.vast.ai/billing/ or choose something cheaper."
	case KindSpendLimit:
		return e.with("This account may not spend that much an hour yet") + " The limit grows with the account's age: choose something cheaper, or try again in some hours."
	case KindBid:
		return e.bidSentence()
	case KindImage:
		return e.with("Vast.ai does not take this image") + " Check the image's name and tag, or choose a template."
	case KindEnv:
		return e.with("Vast.ai does not take these variables or ports") + " Correct them and try again."
	case KindSSHKey:
		return e.with("A public ssh key is needed first") + " Add one at https://cloud.vast.ai/manage-keys/."
	case KindRejected:
		return e.with("Vast.ai refused this") + " Nothing was changed."
	case KindServer:
		return e.with("Vast.ai gave an answer that cannot be used") + " Try again in a moment."
	case KindTransport:
		return e.transportSentence()
	case KindTimeout:
		return "Vast.ai did not answer in time. Check the connection; what is shown may be out of date."
	case KindRedirect:
		return "The server wants to send this request elsewhere. That was refused, since the key would go along; check the API address."
	case KindReadOnly:
		return "This session only reads. Start without --read-only to make changes."
	case KindPaused:
		return fmt.Sprintf("Vast.ai has not answered several times in a row. The next try is in %s.", shown(e.Wait))
	case KindCancelled:
		return "The request was given up."
	case KindNotReady:
		return "The text has not arrived yet. Try again in a moment; a machine that is stopped or offline may never send it."
	}
	return e.with("The request failed")
}

// with appends the API's own words to what is said.
func (e *Error) with(said string) string {
	if e.Message == "" {
		return said + "."
	}
	return said + ": " + strings.TrimRight(e.Message, ". ") + "."
}

func (e *Error) bidSentence() string {
	next := " Bid more, or rent on demand."
	if e.MinBid > 0 {
		next = fmt.Sprintf(" Bid at least $%s/h, or rent on demand.", strconv.FormatFloat(float64(e.MinBid), 'f', -1, 64))
	}
	return e.with("The bid was not accepted") + next
}

func (e *Error) authSentence() string {
	words := strings.ToLower(e.Message)
	switch {
	case strings.Contains(words, "two factor"), strings.Contains(words, "2fa"):
		return "This account asks for a second factor. Make an API key at https://cloud.vast.ai/manage-keys/ and log in with it."
	case strings.Contains(words, "session expired"):
		return "The session has expired. Log in again."
	}
	return e.with("Vast.ai does not accept the API key") + " Log in with a valid one from https://cloud.vast.ai/manage-keys/."
}

// rightsSentence says what the key may not do.
func (e *Error) rightsSentence() string {
	switch {
	case e.wantsSecondFactor():
		return "This account asks for a second factor before that. Make an API key in a session with the second factor at https://cloud.vast.ai/manage-keys/ and log in with it."
	case e.Right != "":
		return "This API key may not " + e.Right.Words() + " (it lacks " + string(e.Right) + "). Make one with more rights at https://cloud.vast.ai/manage-keys/."
	}
	return e.with("This API key may not do that") + " Make one with more rights at https://cloud.vast.ai/manage-keys/."
}

func (e *Error) transportSentence() string {
	var (
		invalid x509.CertificateInvalidError
		lookup  *net.DNSError
	)
	switch {
	case errors.As(e.Cause, &invalid) && invalid.Reason == x509.Expired:
		return "The server's certificate is not valid at this computer's date. Check the clock, or a proxy that replaces certificates."
	case isUntrusted(e.Cause):
		return "The server's certificate is not trusted. A proxy may be reading along; nothing was sent."
	case errors.As(e.Cause, &lookup):
		return "The server's name cannot be found. Check the network connection."
	}
	return e.with("No connection to Vast.ai") + " Check the network connection."
}

// longWait is so long that the user wants to know when it ends.
const longWait = 10 * time.Minute

// limitedSentence tells how long the server wants to be left alone, and until when if that
// is long.
func (e *Error) limitedSentence() string {
	if e.Wait < longWait {
		return fmt.Sprintf("Vast.ai asks for fewer requests. Nothing was changed; the next one waits %s.", shown(max(e.Wait, time.Second)))
	}
	until := e.At.Add(e.Wait).Local().Format("Jan 2 15:04")
	return e.with("Vast.ai answers no more requests of this kind until "+until+", which is "+strings.TrimSuffix(e.Wait.Round(time.Minute).String(), "0s")+" from now") +
		" Nothing was changed; what is shown stays as old as it is until then."
}

// shown is a wait in whole seconds, never zero.
func shown(d time.Duration) string {
	return max(d.Round(time.Second), time.Second).String()
}
