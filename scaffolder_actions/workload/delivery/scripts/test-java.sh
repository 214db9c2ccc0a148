# shellcheck shell=bash
if [[ -x gradlew ]]; then
  ./gradlew --no-daemon check
elif [[ -x mvnw ]]; then
  ./mvnw --batch-mode verify
elif [[ -f pom.xml ]]; then
  mvn --batch-mode verify
else
  gradle check
fi
