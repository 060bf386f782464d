package slack

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"slices"
	"time"

	slackgo "github.com/slack-go/slack"

	"muster/internal/outbox"
)

// errEmpty: an answer without what it must have. Whatever sent it, it was not
// Slack's refusal.
var errEmpty = errors.New("the answer is empty")

// When to try again what Slack gives no time for.
const (
	limitedAfter  = 30 * time.Second // a limit without Retry-After; Slack's windows are a minute
	operatorAfter = time.Minute
)

// The codes that are not about the call itself.
var (
	limitedCodes = []string{"ratelimited", "rate_limited"}
	// Slack had trouble; the call may have been carried out.
	troubleCodes = []string{"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
	// With these statuses a server says that it is done with a call. A gateway's (502,
	// 504) says only that it waits no longer for the server behind it.
	overStatuses = []int{http.StatusInternalServerError, http.StatusServiceUnavailable}
	// The channel cannot be used any more.
	goneCodes = []string{"is_archived", "channel_not_found"}
	// The token or the workspace is not usable now. The operator can change
	// that, so nothing is thrown away.
	operatorCodes = []string{
		"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"org_login_required", "two_factor_setup_required", "accesslimited", "access_denied",
	}
)

// verdict says what an error means for a delivery. It keeps the error's words
// only: printed as a Go value, an answer would tell whatever it quotes of the
// request, which carried the token.
func verdict(err error) error {
	if isVerdict(err) {
		return err
	}
	said := errors.New(err.Error())
	if limit, ok := errors.AsType[*slackgo.RateLimitedError](err); ok {
		return limited(said, limit.RetryAfter)
	}
	if status, ok := errors.AsType[slackgo.StatusCodeError](err); ok && status.Code == http.StatusTooManyRequests {
		return limited(said, limitedAfter)
	} else if ok && slices.Contains(overStatuses, status.Code) {
		return &outbox.Unknown{Reason: "Slack didn't give a clear answer", Err: said, Over: true}
	}
	if answer, ok := refusal(err); ok {
		return answered(said, answer)
	}
	if nothingSent(err) {
		return &outbox.RetryLater{Reason: "Muster couldn't reach Slack", Err: said}
	}
	return &outbox.Unknown{Reason: "Slack didn't give a clear answer", Err: said}
}

// aside returns the verdict on a call of another method than the op's, such as a
// look for what an earlier attempt did. Its limit is not the op's: other lanes go on.
func aside(err error) error {
	err = verdict(err)
	if later, ok := errors.AsType[*outbox.RetryLater](err); ok {
		later.Op = false
	}
	return err
}

// before returns the verdict on a call that had to come before the one that
// delivers: whatever became of it, nothing was sent.
func before(err error) error {
	err = aside(err)
	if unknown, ok := errors.AsType[*outbox.Unknown](err); ok {
		return &outbox.RetryLater{Reason: unknown.Reason, Err: unknown.Err}
	}
	return err
}

// answered returns the verdict on an answer of Slack's with ok:false.
func answered(said error, answer slackgo.SlackErrorResponse) error {
	code := answer.Err
	switch {
	case slices.Contains(limitedCodes, code):
		return limited(said, limitedAfter)
	case slices.Contains(troubleCodes, code):
		return &outbox.Unknown{Reason: reason(code), Err: said, Over: true}
	case slices.Contains(operatorCodes, code):
		return &outbox.RetryLater{After: operatorAfter, Operator: true, Reason: reason(code), Err: said}
	case code == "missing_scope" && answer.Needed != "":
		return &outbox.Refused{Reason: "Muster's Slack app is missing the scope " + answer.Needed, Err: said}
	}
	return &outbox.Refused{Reason: reason(code), Err: said, Gone: slices.Contains(goneCodes, code)}
}

func limited(said error, after time.Duration) error {
	return &outbox.RetryLater{After: max(after, time.Second), Op: true, Reason: "Muster hit Slack's rate limit", Err: said}
}

func isVerdict(err error) bool {
	_, later := errors.AsType[*outbox.RetryLater](err)
	_, refused := errors.AsType[*outbox.Refused](err)
	_, unknown := errors.AsType[*outbox.Unknown](err)
	return later || refused || unknown
}

// nothingSent reports whether the call failed before a byte of it left: no
// name, no connection, no trust. A failure after that leaves a doubt.
func nothingSent(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	op, ok := errors.AsType[*net.OpError](err)
	return ok && (op.Op == "dial" || op.Op == "proxyconnect")
}

// code is Slack's code in an error, "" if there is none.
func code(err error) string {
	answer, _ := refusal(err)
	return answer.Err
}

// Unauthorized reports whether Slack refused because of the token or the
// workspace, which only an operator can change.
func Unauthorized(err error) bool { return slices.Contains(operatorCodes, code(err)) }
