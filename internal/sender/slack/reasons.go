package slack

// reasons are Slack's codes in words for people: each completes "could not be
// delivered:" or "could not be invited:".
var reasons = map[string]string{ //nolint:gosec // "token" here is a word in a sentence
	// the channel
	"channel_not_found":                        "the channel doesn't exist, or Muster isn't in it",
	"is_archived":                              "the channel is archived",
	"not_in_channel":                           "Muster isn't in the channel",
	"restricted_action":                        "the workspace doesn't let Muster do this",
	"restricted_action_read_only_channel":      "only some people may post in the channel",
	"restricted_action_thread_only_channel":    "the channel allows only replies",
	"restricted_action_thread_locked":          "the thread is locked",
	"restricted_action_non_threadable_channel": "the channel has no threads",
	"cannot_create_channel":                    "the workspace doesn't let Muster create channels",
	"method_not_supported_for_channel_type":    "this type of channel doesn't allow it",
	"name_taken":                               "the channel name is taken",
	"invalid_name":                             "Slack doesn't accept the channel name",
	"invalid_name_maxlength":                   "the channel name is too long",
	"invalid_name_punctuation":                 "the channel name is only punctuation",
	"invalid_name_required":                    "the channel name is empty",
	"invalid_name_specials":                    "Slack doesn't allow some characters in the channel name",
	"cant_archive_general":                     "Slack doesn't allow archiving this channel",
	"cant_archive_required":                    "everyone has to be in this channel, so Slack doesn't allow archiving it",
	"too_long":                                 "the text is too long",
	// the message
	"message_not_found":      "the message was deleted",
	"cant_update_message":    "Slack doesn't let Muster edit the message",
	"edit_window_closed":     "it's too late to edit the message",
	"is_inactive":            "it's too late to edit the message",
	"msg_too_long":           "the message is too long",
	"msg_blocks_too_long":    "the message is too long",
	"no_text":                "the message is empty",
	"invalid_blocks":         "Slack doesn't accept the message's layout",
	"invalid_blocks_format":  "Slack doesn't accept the message's layout",
	"message_limit_exceeded": "the workspace has reached its message limit",
	"messages_tab_disabled":  "direct messages to Muster are turned off",
	"too_many_pins":          "the channel has too many pins",
	"not_pinnable":           "Slack doesn't allow pinning this message",
	// people
	"user_not_found":             "Slack doesn't know this user",
	"no_user":                    "Slack doesn't know this user",
	"user_not_visible":           "Muster can't see this user",
	"user_disabled":              "the account is deactivated",
	"user_is_restricted":         "guests can't join",
	"ura_max_channels":           "this guest can't join another channel",
	"cant_invite":                "Slack doesn't let Muster invite this person",
	"cant_invite_self":           "that's Muster",
	"already_in_channel":         "already in the channel",
	"app_cannot_join_channel":    "apps can't join the channel",
	"invitee_cant_see_channel":   "this person can't see the channel",
	"org_user_not_in_team":       "this person isn't in the workspace",
	"no_such_subteam":            "Slack doesn't know this user group",
	"plan_upgrade_required":      "the workspace's plan doesn't include user groups",
	"cannot_dm_bot":              "apps don't receive direct messages",
	"external_channel_migrating": "Slack is moving the shared channel",
	// the app and the workspace
	"missing_scope":             "Muster's Slack app is missing a scope",
	"no_permission":             "Muster's Slack app doesn't have permission",
	"ekm_access_denied":         "the workspace's administrators have suspended posting",
	"team_not_found":            "Slack doesn't know the workspace",
	"invalid_auth":              "Slack doesn't accept Muster's token",
	"not_authed":                "Muster doesn't have a Slack token",
	"account_inactive":          "Muster's Slack account is deactivated",
	"token_revoked":             "Muster's Slack token was revoked",
	"token_expired":             "Muster's Slack token has expired",
	"not_allowed_token_type":    "Muster has the wrong type of Slack token",
	"org_login_required":        "Slack is moving the workspace to an organization",
	"team_added_to_org":         "Slack is moving the workspace to an organization",
	"two_factor_setup_required": "the workspace requires two-factor authentication",
	"accesslimited":             "the workspace blocks Muster's network",
	"access_denied":             "Slack doesn't give Muster access",
	"internal_error":            "Slack has a problem",
	"fatal_error":               "Slack has a problem",
	"service_unavailable":       "Slack is down",
	"request_timeout":           "the request to Slack was cut off",
}

// aboutPeople are the codes of an invitation that are about those invited, not
// about the channel or the caller.
var aboutPeople = map[string]bool{
	"already_in_channel": true, "app_cannot_join_channel": true, "cant_invite": true, "cant_invite_self": true,
	"invitee_cant_see_channel": true, "no_user": true, "org_user_not_in_team": true, "ura_max_channels": true,
	"user_disabled": true, "user_is_restricted": true, "user_not_found": true, "user_not_visible": true,
	"no_external_invite_permission": true,
}

// reason says a code in words; one that we do not know is better than nothing.
func reason(code string) string {
	if words, ok := reasons[code]; ok {
		return words
	}
	return "Slack refused: " + code
}
