package templates

import (
	"fmt"
	"strings"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// Rejected says why something was refused, and what would be right.
func (t *Templates) Rejected(r *incident.Rejection) (Reply, error) {
	said, err := t.rejection(r)
	text := cut(string(said), limitSection)
	return Reply{Text: text, Blocks: sections(text)}, err
}

// rejection returns the sentence for a rejection's code.
func (t *Templates) rejection(r *incident.Rejection) (mrkdwn, error) {
	return t.phrase("rejections", r.Code, rejectionView{frame{t, t.now(), limitSaid}, r})
}

// rejectionView shows templates a rejection. An argument that a code
// always has is read with Arg, which fails where it is missing; of others, Has
// tells first whether they are there.
type rejectionView struct {
	frame
	rejection *incident.Rejection
}

// Has reports whether there is an argument of this name.
func (v rejectionView) Has(name string) bool {
	_, ok := v.rejection.Args[name]
	return ok
}

// Is reports whether an argument has a value.
func (v rejectionView) Is(name, value string) bool {
	return fmt.Sprint(v.rejection.Args[name]) == value
}

// Arg returns an argument as people read its type.
func (v rejectionView) Arg(name string) (mrkdwn, error) {
	switch a := v.rejection.Args[name].(type) {
	case string:
		return v.line(a), nil
	case int:
		return mrkdwn(fmt.Sprint(a)), nil
	case incident.Number:
		return mrkdwn(a.String()), nil
	case incident.Status:
		return named(string(a)), nil
	case incident.Field:
		return named(string(a)), nil
	case slackid.User:
		return mention(a), nil
	case policy.Role:
		return v.role(a), nil
	case policy.Level:
		return v.level(a), nil
	case policy.Severity:
		return v.severity(a), nil
	case time.Duration:
		return span(a), nil
	default:
		return "", fmt.Errorf("rejection %s: argument %q cannot be shown: %T", v.rejection.Code, name, a)
	}
}

// Key returns a severity's key, as people type it: "P1".
func (v rejectionView) Key(name string) (mrkdwn, error) {
	s, ok := v.rejection.Args[name].(policy.Severity)
	if !ok {
		return "", fmt.Errorf("rejection %s: argument %q is not a severity", v.rejection.Code, name)
	}
	return named(string(s)), nil
}

// Quote returns an argument that somebody typed, or is to type, in a code span.
func (v rejectionView) Quote(limit int, name string) (mrkdwn, error) {
	a, ok := v.rejection.Args[name]
	if !ok {
		return "", fmt.Errorf("rejection %s: argument %q is missing", v.rejection.Code, name)
	}
	return quoted(fmt.Sprint(a), limit), nil
}

// Spelled returns a duration in full words, "1 minute" or "24 hours".
func (v rejectionView) Spelled(name string) (mrkdwn, error) {
	d, ok := v.rejection.Args[name].(time.Duration)
	if !ok {
		return "", fmt.Errorf("rejection %s: argument %q is not a duration", v.rejection.Code, name)
	}
	n, unit := int(d.Minutes()), "minute"
	if d >= time.Hour && d%time.Hour == 0 {
		n, unit = int(d.Hours()), "hour"
	}
	if n != 1 {
		unit += "s"
	}
	return mrkdwn(fmt.Sprintf("%d %s", n, unit)), nil
}

// Severities returns every severity there is, to choose from.
func (v rejectionView) Severities() mrkdwn {
	var all []string
	for _, rules := range v.t.policy.Severities {
		all = append(all, string(quoted(string(rules.Severity), limitWord)+" "+named(rules.Name)))
	}
	return oneOf(all)
}

// Roles returns every role there is, to choose from.
func (v rejectionView) Roles() mrkdwn {
	var all []string
	for _, rules := range v.t.policy.Roles {
		all = append(all, string(quoted(string(rules.Role), limitWord)))
	}
	return oneOf(all)
}

// oneOf lists what there is to choose from: "a, b or c".
func oneOf(all []string) mrkdwn {
	last := len(all) - 1
	if last < 1 {
		return mrkdwn(strings.Join(all, ""))
	}
	return mrkdwn(strings.Join(all[:last], ", ") + " or " + all[last])
}
