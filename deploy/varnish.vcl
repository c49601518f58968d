# A Varnish in front of Conflict Chronology, which deploy/purge.py empties after each publication.
vcl 4.1;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
}

acl purgers {
    "127.0.0.1";
}

sub vcl_recv {
    if (req.method == "BAN") {
        if (client.ip !~ purgers) {
            return (synth(403));
        }
        ban("obj.http.Surrogate-Key ~ (^|\s)" + req.http.Ban-Tag + "(\s|$)");
        return (synth(204));
    }
}
