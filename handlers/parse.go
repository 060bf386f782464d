package handlers

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"muster/internal/incident"
	"muster/internal/policy"
	"muster/internal/slackid"
)

// parseAssignment reads "tech lead @ana", "@ana tech_lead", "@ana" or "me".
func (h *Handlers) parseAssignment(text string, me slackid.User) (policy.Role, slackid.User, error) {
	var users []slackid.User
	var words []string
	for word := range strings.FieldsSeq(text) {
		if m := userLink.FindStringSubmatch(word); m != nil {
			users = append(users, slackid.User(m[1]))
		} else if strings.EqualFold(word, "me") {
			users = append(users, me)
		} else {
			words = append(words, word)
		}
	}
	name := strings.Join(words, " ")
	role, known := h.role(name)
	switch {
	case len(users) > 1:
		return "", "", incident.Rejectf("too_many_users", "A role goes to one person. Name just one.")
	case len(users) == 0 && known:
		return "", "", incident.Rejectf("missing_user", "Name the person, for example `@ana`.")
	case len(users) == 0:
		return "", "", incident.Rejectf("unknown_user", "Nobody in this workspace is called `%s`. Type `@` and pick the person from the list.", words[len(words)-1])
	case users[0] == h.self:
		return "", "", rejectMuster()
	case name == "":
		return policy.OnCallEngineer, users[0], nil
	case !known:
		var all []string
		for _, role := range h.policy.Roles {
			all = append(all, "`"+string(role.Role)+"`")
		}
		return "", "", incident.Rejectf("unknown_role", "`%s` isn't a role. Choose from: "+strings.Join(all, ", ")+".", name)
	}
	return role, users[0], nil
}

func rejectMuster() error {
	err := incident.Rejectf("unknown_user", "Muster can't take a role. Choose a person.")
	return incident.InField(incident.FieldUser, err)
}

// role finds a role by its key or its name.
func (h *Handlers) role(name string) (policy.Role, bool) {
	for _, known := range h.policy.Roles {
		if key := roleKey(name); key == roleKey(string(known.Role)) || key == roleKey(known.Name) {
			return known.Role, true
		}
	}
	return "", false
}

// roleKey makes "Tech Lead", "tech-lead" and "tech_lead" one.
func roleKey(s string) string {
	return strings.NewReplacer(" ", "_", "-", "_").Replace(strings.ToLower(s))
}

var length = regexp.MustCompile(`(?i)^(\d{1,4})\s*(m|min|mins|minutes?|h|hrs?|hours?|d|days?)?$`)

// parseLength reads "30", "30 min", "2 hours", "1d" or Go's "1h30m". A bare
// number is minutes.
func parseLength(text string) (time.Duration, error) {
	if m := length.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		unit := map[string]time.Duration{"": time.Minute, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}[strings.ToLower(m[2])[:min(1, len(m[2]))]]
		return time.Duration(n) * unit, err
	}
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		return 0, incident.Rejectf("bad_snooze", "`%s` isn't a duration. Try `30m`, `2h` or `1h30m`.", text)
	}
	return d, nil
}
