//! What is a secret in a script or a file, and what only looks like one.

use super::*;

fn shown(script: &str) -> Vec<String> {
    secrets(script).into_iter().map(|secret| format!("{} | {}", &script[secret.range], secret.said)).collect()
}

#[test]
fn secrets_are_found_where_they_stand() {
    for (script, range, said) in [
        ("curl -u me:pass-1 https://x.example.org", "me:pass-1", "`-u` of `curl` holds a password"),
        ("curl -fsSLu 'me:pass-1' https://x", "'me:pass-1'", "`-u` of `curl` holds a password"),
        ("sudo /usr/bin/curl -ume:pass-1 x", "-ume:pass-1", "`-u` of `curl` holds a password"),
        ("curl --user=me:pass-1 x", "--user=me:pass-1", "`--user` of `curl` holds a password"),
        ("curl -x http://p:3128 --proxy-user me:pass-1 x", "me:pass-1", "`--proxy-user` of `curl` holds a password"),
        ("curl -U ${USER}:pass-1 x", "${USER}:pass-1", "`-U` of `curl` holds a password"),
        ("http -a me:pass-1 x", "me:pass-1", "`-a` of `http` holds a password"),
        ("lftp -u me,pass-1 x", "me,pass-1", "`-u` of `lftp` holds a password"),
        ("true && x=$(curl -u me:pass-1 x)", "me:pass-1", "`-u` of `curl` holds a password"),
        ("su - me -c 'curl -u me:pass-1 x'", "me:pass-1", "`-u` of `curl` holds a password"),
        ("wget --user me --password pass-1 x", "pass-1", "`--password` is a secret by its name, and its value is in the program"),
        (
            "wget --http-password=\"pass-1\" x",
            "--http-password=\"pass-1\"",
            "`--http-password` is a secret by its name, and its value is in the program",
        ),
        ("API_TOKEN=abc-1 tool", "API_TOKEN=abc-1", "`API_TOKEN` is a secret by its name, and its value is in the program"),
        (
            "export AWS_SECRET_ACCESS_KEY=abc1",
            "AWS_SECRET_ACCESS_KEY=abc1",
            "`AWS_SECRET_ACCESS_KEY` is a secret by its name, and its value is in the program",
        ),
        ("curl -H \"Authorization: Bearer abc-1\" x", "\"Authorization: Bearer abc-1\"", "the header `Authorization` holds a secret"),
        ("wget --header='PRIVATE-TOKEN: abc-1' x", "--header='PRIVATE-TOKEN: abc-1'", "the header `PRIVATE-TOKEN` holds a secret"),
        (
            "git -c http.extraheader='AUTHORIZATION: basic abc' clone x",
            "http.extraheader='AUTHORIZATION: basic abc'",
            "the header `AUTHORIZATION` holds a secret",
        ),
        ("echo machine x.org login me password pass-1 >> ~/.netrc", "pass-1", "the command holds the password of `me`"),
        ("printf 'machine x.org\\nlogin me\\npassword pass-1\\n' > ~/.netrc", "pass-1", "the command holds the password of `me`"),
        ("cat > ~/.netrc <<E\nmachine x.org\n  login me\n  password pass-1\nE\n", "pass-1", "the command holds the password of `me`"),
        (
            "cat > ~/.git-credentials <<E\nhttps://me:pass-1@x.org\nE\n",
            "https://me:pass-1@x.org",
            "the command holds credentials for `x.org`",
        ),
        ("true # https://me:pass-1@x.org/y is new", "https://me:pass-1@x.org/y", "the command holds credentials for `x.org`"),
        ("echo \"$(curl 'https://me:pass-1@x.org/y')\"", "https://me:pass-1@x.org/y", "the command holds credentials for `x.org`"),
        ("git clone https://me:pass-1@x.org/y", "https://me:pass-1@x.org/y", "the command holds credentials for `x.org`"),
    ] {
        assert_eq!(shown(script), [format!("{range} | {said}")], "{script}");
    }
    assert_eq!(secrets("curl -u a:pw-1 x; curl -u b:pw-2 y; TOKEN=abc-3 z").len(), 3, "each place is one");
}

#[test]
fn secrets_of_single_programs_are_found() {
    for (script, range, said) in [
        (
            "npm config set //r.example.org/:_authToken abc-1",
            "abc-1",
            "`//r.example.org/:_authToken` is a secret by its name, and its value is in the program",
        ),
        (
            "echo '//r.example.org/:_authToken=abc-1' > .npmrc",
            "'//r.example.org/:_authToken=abc-1'",
            "`//r.example.org/:_authToken` is a secret by its name, and its value is in the program",
        ),
        (
            "gh auth login --with-token <<< ghp_0123456789012345678901234567890123456789",
            "ghp_0123456789012345678901234567890123456789",
            "the command holds what `gh` reads as a password",
        ),
        (
            "hf login ghp_0123456789012345678901234567890123456789",
            "ghp_0123456789012345678901234567890123456789",
            "the command holds a token",
        ),
        ("mysql -e \"CREATE USER me IDENTIFIED BY 'abc'\"", "'abc'\"", "the command holds a password"),
        ("psql -c \"ALTER USER me PASSWORD 'abc';\"", "'abc';\"", "the command holds a password"),
        ("curl -d '{\"user\": \"me\", \"password\": \"abc\"}' x", "\"abc\"}'", "the command holds a password"),
        ("tool --db-password abc", "abc", "`--db-password` is a secret by its name, and its value is in the program"),
        ("wandb login 0123456789abcdef0123", "0123456789abcdef0123", "`login` of `wandb` holds a password"),
        ("mysqladmin -u root password abc", "abc", "`password` of `mysqladmin` holds a password"),
        ("htpasswd -bc /etc/x me abc", "abc", "`-b` of `htpasswd` holds a password"),
        ("kinit me <<< abc", "abc", "the command holds what `kinit` reads as a password"),
        ("curl -H 'Authorization:Bearer abc-1' x", "'Authorization:Bearer abc-1'", "the header `Authorization` holds a secret"),
        ("PGPASSWORD=abc psql x", "PGPASSWORD=abc", "`PGPASSWORD` is a secret by its name, and its value is in the program"),
        ("sudo MYSQL_PWD=abc mysql x", "MYSQL_PWD=abc", "`MYSQL_PWD` is a secret by its name, and its value is in the program"),
        (
            "aws configure set aws_secret_access_key abc",
            "abc",
            "`aws_secret_access_key` is a secret by its name, and its value is in the program",
        ),
        ("poetry config pypi-token.pypi abc", "abc", "`pypi-token.pypi` is a secret by its name, and its value is in the program"),
        ("docker login -u me -p abc x.org", "abc", "`-p` of `docker` holds a password"),
        ("helm registry login x.org -u me -pabc", "-pabc", "`-p` of `helm` holds a password"),
        ("crane auth login x.org -u me -p 'abc'", "'abc'", "`-p` of `crane` holds a password"),
        ("twine upload -u __token__ -p abc dist/*", "abc", "`-p` of `twine` holds a password"),
        ("sshpass -p abc ssh -p 2222 me@x", "abc", "`-p` of `sshpass` holds a password"),
        ("sshpass -v -pabc scp -P 2222 a me@x:", "-pabc", "`-p` of `sshpass` holds a password"),
        ("/usr/bin/mysql -u root -pabc db", "-pabc", "`-p` of `mysql` holds a password"),
        ("mongosh -u me -p abc x", "abc", "`-p` of `mongosh` holds a password"),
        ("redis-cli -h x -a abc ping", "abc", "`-a` of `redis-cli` holds a password"),
        ("ldapsearch -x -D cn=me -w abc", "abc", "`-w` of `ldapsearch` holds a password"),
        ("unzip -q -P abc x.zip", "abc", "`-P` of `unzip` holds a password"),
        ("7z x -pabc x.7z", "-pabc", "`-p` of `7z` holds a password"),
        ("smbclient //x/y -U me%abc", "me%abc", "`-U` of `smbclient` holds a password"),
        ("openssl enc -d -aes256 -k abc -in x", "abc", "`-k` of `openssl` holds a password"),
        ("openssl rsa -passin pass:abc -in x", "pass:abc", "`-passin` of `openssl` holds a password"),
        ("echo 'me:abc' | chpasswd", "'me:abc'", "the command holds the password of `me`"),
        ("echo root:abc | sudo chpasswd", "root:abc", "the command holds the password of `root`"),
        ("chpasswd <<< me:abc", "me:abc", "the command holds the password of `me`"),
        ("chpasswd <<E\nme:abc\nE\n", "me:abc", "the command holds the password of `me`"),
        ("echo abc | docker login -u me --password-stdin x", "abc", "the command holds what `docker` reads as a password"),
        ("printf %s abc-1 | gh auth login --with-token", "abc-1", "the command holds what `gh` reads as a password"),
    ] {
        assert_eq!(shown(script), [format!("{range} | {said}")], "{script}");
    }
}

#[test]
fn what_is_none_is_not_found() {
    for script in [
        "curl -u me x && curl -u me: x && curl -u \"me:$PASS\" x && curl -u \"$(cat /run/secrets/x)\" x",
        "curl -u anonymous:me@example.org ftp://x",
        "curl -fsSL -o u:x https://example.org && curl -H 'Accept: text/html' x && curl -A 'agent: 1' x",
        "curl -H \"Authorization: Bearer $TOKEN\" -H \"X-Api-Key: $(cat /run/key)\" x",
        "wget --user=me --ask-password x && wget --password=\"$PASS\" x",
        "useradd --password '*' me && adduser --disabled-password jovyan && usermod -p '!' me",
        "jupyter lab --ServerApp.token='' --ServerApp.password='sha1:0123' --no-password yes",
        "TOKEN=$(cat /run/secrets/token) tool; PASSWORD=\"${OTHER}\"; token=; KEY=abc; PASS=first; AUTH=basic",
        "for password in a b; do echo $password; done",
        "python -c 'token = read(); print(token)' && python -c 'token=read()'",
        "podman run --secret source --secret=id=x image",
        "echo 'the login asks for a password twice'; echo 'login: me, password: <yours>'",
        "tokenizer --tokens 12 && sort --key=2 x && gpg --batch --passphrase '' --gen-key x",
        "pip install hf_transfer huggingface_hub && x --token=***",
        "git clone ssh://git@example.org/x && psql -h x -U me",
        "openssl req -passout pass: -out /etc/x && keytool -storepass changeit",
        "sed -i 's/^password=.*/password=/' x",
        "mkdir -p folder && cp -p a1b b && docker run -p 8080:80 image && ssh -p 2222 me@x && git add -p abc",
        "docker login -u me -p \"$PASS\" x; docker login -u me --password-stdin x < /run/secrets/x; docker login -u me x",
        "sshpass -e ssh -p 2222 me@x && sshpass -f file ssh -p 2222 me@x && sshpass -p \"$(cat /run/secrets/x)\" ssh x",
        "mysql -u root -p database && mysql -P 3306 -p\"$PW\" db && mysqld --port=3306 && unzip -p x.zip abc && zip -r abc x",
        "echo \"me:$PASS\" | chpasswd && chpasswd -e < /run/secrets/x && echo me:abc | tee x && echo \"$T\" | docker login --password-stdin x",
        "echo me:abc && chpasswd < x; openssl passwd -6; openssl rsa -passin file:/x; python -p abc; redis-cli --pass \"$P\"",
        "psql -c \"ALTER USER me PASSWORD '$PW'\" && curl -d '{\"password\": \"\"}' x && echo \"the password 'is' there\"",
        "sed -i 's/\"password\": \".*\"/\"password\": \"\"/' x && python -c 'x = {\"password\": None}'",
        "wandb login && wandb login --relogin && htpasswd -c /etc/x me && kinit me < /run/secrets/x && tool --ask-password abc --no-password abc",
        "aws configure get aws_secret_access_key && git config credential.helper store && OLDPWD=abc cd x && PWD=abc",
        "jupyter server password && git config --get user.password",
    ] {
        assert!(shown(script).is_empty(), "{script}: {:?}", shown(script));
    }
}
